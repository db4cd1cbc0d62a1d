import type { PayoutState } from '@toota/contract'
import type { NewsItem } from '../../platform/news.ts'
import type { Payout } from './model/payout.ts'

/** What the driver is told: where his payout stands. */
export const payoutChanged = (
  { id, driverId }: Pick<Payout, 'id' | 'driverId'>,
  state: PayoutState,
): NewsItem => ({ accountId: driverId, kind: 'payout.changed', data: { payoutId: id, state } })
