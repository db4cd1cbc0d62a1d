import type { Outcome, RefundOrder, RefundReport } from './gateway.ts'
import { done, unknown } from './outcome.ts'

/** A refund in a gateway's list, that of one transaction. */
export type ListedRefund = {
  readonly gatewayId: string
  /** Where we wrote our id; null or empty where the list does not show it. */
  readonly note: string | null
  readonly amountMinor: number
  readonly state: string
}

const DAY_MS = 24 * 3600 * 1000

/** A window that has in it what was made between the two, wherever the gateway's midnight is and whichever clock is wrong. */
export const windowOf = (from: Date, to: Date): { from: Date; to: Date } => ({
  from: new Date(from.getTime() - DAY_MS),
  to: new Date(to.getTime() + DAY_MS),
})

/** Where a refund can be listed; its end is far ahead, since nothing is gained by a near one. */
export const refundWindowOf = ({ createdAt }: RefundOrder, now: Date): { from: Date; to: Date } =>
  windowOf(createdAt, new Date(now.getTime() + 30 * DAY_MS))

/**
 * Ours among the refunds of its transaction: the one with our id in its note. Without any, the one of our amount that has no
 * note at all; two of those are `unknown`, since taking the wrong one would send money twice or never.
 */
export function pickRefund(
  listed: readonly ListedRefund[],
  order: RefundOrder,
  report: (refund: ListedRefund) => Outcome<RefundReport>,
): Outcome<RefundReport | { readonly state: 'missing' }> {
  const noted = listed.find(({ note }) => note?.includes(order.refundId))
  if (noted) return report(noted)
  const [candidate, another] = listed.filter(
    ({ note, amountMinor }) => !note && amountMinor === order.amount.amountMinor,
  )
  if (another) return unknown('ambiguous')
  return candidate ? report(candidate) : done({ state: 'missing' })
}
