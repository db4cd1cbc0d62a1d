import type { PaymentMethod, PaymentStatus } from '@toota/contract'
import type { AccountId, PaymentId, TripId } from '../../kernel/index.ts'
import type { NewsItem } from '../../platform/news.ts'
import type { PaidTrip, Payment } from './model/payment.ts'

/** What the two sides of a trip are told of its payment. */
export type PaymentNews =
  | {
      kind: 'payment.changed'
      data: { tripId: TripId; paymentId: PaymentId; method: PaymentMethod; status: PaymentStatus }
    }
  | { kind: 'payment.received'; data: { tripId: TripId } }

const tell = (accountIds: readonly (AccountId | null)[], news: PaymentNews): NewsItem[] =>
  accountIds.filter((id) => id !== null).map((accountId) => ({ accountId, ...news }))

export const paymentChanged = (trip: PaidTrip, payment: Payment): NewsItem[] =>
  tell([trip.customerId, trip.driverId], {
    kind: 'payment.changed',
    data: { tripId: trip.id, paymentId: payment.id, method: payment.method, status: payment.status },
  })

/** The driver has the cash. */
export const paymentReceived = (trip: PaidTrip): NewsItem[] =>
  tell([trip.customerId, trip.driverId], { kind: 'payment.received', data: { tripId: trip.id } })
