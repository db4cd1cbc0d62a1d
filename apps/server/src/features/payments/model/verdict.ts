import type { ChargeReport, Verification } from '../../../kernel/index.ts'
import {
  isUnderWay,
  mayStillBePaid,
  nextCheckAfter,
  wasPaid,
  type PaidTrip,
  type Payment,
} from './payment.ts'

/** What the gateway's answer makes of a payment. */
export type Verdict =
  /** Nothing new, or nothing that may change anything. */
  | { readonly verdict: 'none' }
  /** Nobody has paid yet: look again, as long as that is done. */
  | { readonly verdict: 'wait' }
  | { readonly verdict: 'fail'; readonly reason: string }
  | { readonly verdict: 'pay' | 'adopt' | 'underpay'; readonly charge: ChargeReport }
  /** Money that pays for nothing: it goes back. */
  | { readonly verdict: 'return'; readonly charge: ChargeReport; readonly reason: string }
  /** Money of the wrong kind: a person must look. */
  | { readonly verdict: 'mismatch'; readonly charge: ChargeReport; readonly reason: string }
  | { readonly verdict: 'reverse'; readonly charge: ChargeReport }

export type Circumstances = {
  readonly trip: PaidTrip
  /** The trip's live payment; this one or the one that replaced it. */
  readonly live: Payment | undefined
  readonly hasOpenOffer: boolean
  /** What we know of the charge already. */
  readonly known: { readonly refundedMinor: number; readonly isReversed: boolean } | undefined
  readonly acceptsTestMoney: boolean
}

/**
 * Compares what the gateway says with what is due. Only a success of our reference, in our currency, for our amount counts; a
 * success outlives every later failure; and what is not needed (any more) goes back.
 */
export function judge(payment: Payment, answer: Verification, circumstances: Circumstances): Verdict {
  switch (answer.state) {
    case 'missing':
    case 'open':
      return judgeSilence(payment)
    case 'failed':
      return isUnderWay(payment) ? { verdict: 'fail', reason: answer.reason } : judgeSilence(payment)
    case 'reversed':
      return judgeReversal(payment, answer.charge, circumstances)
    case 'paid':
      return judgeCharge(payment, answer.charge, circumstances)
  }
}

function judgeSilence(payment: Payment): Verdict {
  if (!mayStillBePaid(payment)) return { verdict: 'none' }
  if (payment.status === 'failed') return { verdict: 'wait' }
  if (nextCheckAfter(payment.checks) !== undefined) return { verdict: 'wait' }
  return { verdict: 'fail', reason: 'abandoned' }
}

function judgeReversal(payment: Payment, charge: ChargeReport, { known }: Circumstances): Verdict {
  if (!known) return isUnderWay(payment) ? { verdict: 'fail', reason: 'reversed' } : judgeSilence(payment)
  // A transaction that we ourselves have given back is reported as reversed, too.
  if (known.isReversed || known.refundedMinor > 0) return { verdict: 'none' }
  return { verdict: 'reverse', charge }
}

function judgeCharge(payment: Payment, charge: ChargeReport, circumstances: Circumstances): Verdict {
  if (circumstances.known) return { verdict: 'none' }
  const reason = mismatchOf(payment, charge, circumstances.acceptsTestMoney)
  if (reason) return { verdict: 'mismatch', charge, reason }
  if (wasPaid(payment)) return { verdict: 'return', charge, reason: 'paid-twice' }
  if (charge.amountMinor < payment.amount.amountMinor) return { verdict: 'underpay', charge }
  if (!payment.isReplaced) return { verdict: 'pay', charge }
  const { trip, live, hasOpenOffer } = circumstances
  const isWanted = trip.status === 'pending' && !hasOpenOffer && !(live && wasPaid(live))
  return isWanted ? { verdict: 'adopt', charge } : { verdict: 'return', charge, reason: 'replaced' }
}

function mismatchOf(payment: Payment, charge: ChargeReport, acceptsTestMoney: boolean): string | undefined {
  if (charge.reference !== payment.reference) return 'reference'
  if (charge.currency !== payment.amount.currency) return 'currency'
  if (charge.requestedMinor !== null && charge.requestedMinor !== payment.amount.amountMinor) return 'amount'
  if (!charge.isLive && !acceptsTestMoney) return 'test-money'
  return undefined
}
