/** Asks again and again until the answer is this one; answers the last one anyway, for the test to compare. */
export async function settled<T>(ask: () => Promise<T>, wanted: T, patienceMs: number): Promise<T> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const answer = await ask()
    if (answer === wanted || Date.now() > deadline) return answer
    await new Promise((done) => setTimeout(done, 50))
  }
}
