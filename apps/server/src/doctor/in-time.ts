const PATIENCE_MS = 8_000

/** The same, or a fault when it takes too long: what hangs must not hang the doctor. */
export async function inTime<T>(work: Promise<T>, patienceMs: number = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${Math.round(patienceMs / 1000)} seconds`)),
      patienceMs,
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
