import type { Live } from './live/live.ts'
import { pause } from './pause.ts'
import { TootaError } from './problem.ts'
import type { CallOptions, Payment, PaymentStatus } from './types.ts'

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 15_000
const UNDER_WAY: ReadonlySet<PaymentStatus> = new Set<PaymentStatus>(['created', 'pending', 'unknown'])

type Ways = {
  /** Asks the server, which asks the payment service. */
  readonly check: (options: CallOptions) => Promise<Payment>
  /** Tells sooner, where there is a connection. */
  readonly live: Pick<Live, 'next'>
  readonly signal: AbortSignal | undefined
}

/** The trip's payment once it is decided. Throws the signal's reason when it is aborted first. */
export async function awaitPayment(tripId: string, { check, live, signal }: Ways): Promise<Payment> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const round = new AbortController()
    const giveUp = (): void => round.abort(signal?.reason)
    signal?.addEventListener('abort', giveUp)
    if (signal?.aborted) giveUp()
    // Listening begins before the question: what happens between the two would not be heard of.
    const told = live
      .next('payment.changed', ({ data }) => data.tripId === tripId && !UNDER_WAY.has(data.status), round)
      .catch(() => undefined)
    try {
      const payment = await checkUnlessAway(check, round.signal)
      if (payment && !UNDER_WAY.has(payment.status)) return payment
      await Promise.race([told, pause(pauseMs, round.signal)])
    } finally {
      signal?.removeEventListener('abort', giveUp)
      round.abort()
    }
  }
}

/** Undefined when nobody can say at the moment. */
async function checkUnlessAway(check: Ways['check'], signal: AbortSignal): Promise<Payment | undefined> {
  try {
    return await check({ signal })
  } catch (error) {
    if (error instanceof TootaError && error.retryable) return undefined
    throw error
  }
}
