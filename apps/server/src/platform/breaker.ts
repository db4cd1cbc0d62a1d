const FAILURES_BEFORE_REST = 3
const REST_MS = 30_000

export type Breaker = {
  /** True: do not ask. False after a rest makes this caller the one probe. */
  isResting(): boolean
  /** Whether it rests, for onlookers: nobody becomes the probe by asking. */
  rests(): boolean
  /** What came of a call; only an outage of the service is a failure. */
  record(hasFailed: boolean): void
}

/**
 * Spares callers the wait for a dead service: after 3 failures in a row it rests for 30 seconds, then one request tries again.
 * @param now milliseconds of a clock that never goes back
 */
export function createBreaker(now: () => number): Breaker {
  let failures = 0
  let restsUntil = 0
  return {
    isResting() {
      if (failures < FAILURES_BEFORE_REST) return false
      if (now() < restsUntil) return true
      // This caller is the probe; the others rest on until its outcome is known.
      restsUntil = now() + REST_MS
      return false
    },
    rests: () => failures >= FAILURES_BEFORE_REST && now() < restsUntil,
    record(hasFailed) {
      failures = hasFailed ? failures + 1 : 0
      if (failures >= FAILURES_BEFORE_REST) restsUntil = now() + REST_MS
    },
  }
}
