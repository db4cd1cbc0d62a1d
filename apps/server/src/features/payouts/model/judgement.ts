import type { PayoutState } from '@toota/contract'

/** What the gateway was heard to say of a payout. */
export type Answer =
  | {
      readonly heard: 'state'
      readonly state: 'sent' | 'done' | 'failed' | 'reversed' | 'attention'
      readonly gatewayId: string | null
      readonly reason?: string | undefined
    }
  /** It said no, and knows of no transfer: nothing was moved. */
  | { readonly heard: 'refusal'; readonly reason: string }
  /** It knows of no transfer, and nothing was asked of it. */
  | { readonly heard: 'absence' }
  /** Nobody can say. Never the same as failed. */
  | { readonly heard: 'silence'; readonly reason: string }

/** What becomes of a payout's money; each at most once. */
export type Booking = 'done' | 'failed' | 'reversed' | 'done-late'

export type Verdict =
  | { readonly verdict: 'wait'; readonly attention?: string }
  | {
      readonly verdict: 'end'
      readonly state: 'paid' | 'failed' | 'reversed'
      readonly bookings: readonly Booking[]
      readonly failure: string | null
      readonly attention?: string
    }

const WAIT = { verdict: 'wait' } as const

/**
 * What an answer makes of a payout. Only the gateway's own word moves money: silence and absence change nothing. What has ended
 * changes once more when the gateway says so: a bank sends money back days later, or pays what was given up.
 */
export function judge(state: PayoutState, answer: Answer): Verdict {
  switch (state) {
    case 'created':
    case 'sent':
      return judgeOpen(answer)
    case 'paid':
      return judgePaid(answer)
    case 'failed':
      return judgeFailed(answer)
    case 'reversed':
      return WAIT
  }
}

function judgeOpen(answer: Answer): Verdict {
  if (answer.heard === 'refusal')
    return { verdict: 'end', state: 'failed', bookings: ['failed'], failure: answer.reason }
  if (answer.heard !== 'state') return WAIT
  switch (answer.state) {
    case 'sent':
      return WAIT
    case 'attention':
      return { verdict: 'wait', attention: 'the gateway waits for a person' }
    case 'done':
      return { verdict: 'end', state: 'paid', bookings: ['done'], failure: null }
    case 'failed':
      return { verdict: 'end', state: 'failed', bookings: ['failed'], failure: answer.reason ?? 'failed' }
    case 'reversed':
      return reversal(answer.reason, ['done', 'reversed'])
  }
}

/** Where there is no word for it a transfer that came back is a failed one. */
function judgePaid(answer: Answer): Verdict {
  const isBack = answer.heard === 'state' && (answer.state === 'reversed' || answer.state === 'failed')
  return isBack ? reversal(answer.reason, ['reversed']) : WAIT
}

/** The driver has had his money back already, so that he now owes it. */
function judgeFailed(answer: Answer): Verdict {
  if (answer.heard !== 'state' || answer.state !== 'done') return WAIT
  return {
    verdict: 'end',
    state: 'paid',
    bookings: ['done-late'],
    failure: null,
    attention: 'it was paid after it had failed',
  }
}

const reversal = (reason: string | undefined, bookings: readonly Booking[]): Verdict => ({
  verdict: 'end',
  state: 'reversed',
  bookings,
  failure: reason ?? 'reversed',
})
