/** What a check found: `ok`, `warn` (works, but look at it) or `fail` (something does not work). */
export type Finding = {
  readonly check: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly says: string
  /** What the operator can do about it. */
  readonly mend?: string
}

/** The three words of one check. */
export const findingsOf = (check: string) => ({
  ok: (says: string): Finding => ({ check, state: 'ok', says }),
  warn: (says: string, mend: string): Finding => ({ check, state: 'warn', says, mend }),
  fail: (says: string, mend: string): Finding => ({ check, state: 'fail', says, mend }),
})

/** One line of an error; several addresses that all failed have no message of their own. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (!(error instanceof Error)) return 'unknown fault'
  const cause = error.cause instanceof Error ? `: ${reasonOf(error.cause)}` : ''
  return `${error.message || error.name}${cause}`.split('\n')[0]?.slice(0, 300) ?? ''
}
