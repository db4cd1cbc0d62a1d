import type { PaymentId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import { openCase } from './case-store.ts'
import { isDisputed, isShort } from './model/cash.ts'
import type { PaidTrip } from './model/payment.ts'
import { lockPayment } from './payment-store.ts'

/** Opens a case when the two sides of a cash payment say different things, or when both say that it was too little. */
export async function reviewCash(tx: Tx, trip: PaidTrip, paymentId: PaymentId): Promise<void> {
  const payment = await lockPayment(tx, paymentId)
  const kind = isDisputed(payment) ? 'cash-disputed' : isShort(payment) ? 'cash-short' : undefined
  if (!kind) return
  await openCase(tx, {
    kind,
    about: payment.id,
    tripId: trip.id,
    paymentId: payment.id,
    details: {
      dueMinor: payment.amount.amountMinor,
      currency: payment.amount.currency,
      driverSaysMinor: payment.receivedMinor,
      customerSaysMinor: payment.confirmedMinor,
      isStated: payment.isStated,
    },
  })
}
