import { Refusal, type PaymentId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Payment } from './model/payment.ts'
import { findCountedCharge } from './charge-store.ts'
import { findPaymentById } from './payment-store.ts'
import { settlePayment, type Asking } from './settle-payment.ts'

export type VerifiedPayment = {
  readonly payment: Payment
  /** The gateway's id of the transaction that paid. */
  readonly gatewayId: string | null
  readonly wasPaidBefore: boolean
}

/**
 * What became of a payment, by its reference or by its id. Whoever knows one may ask: neither can be guessed, and asking changes
 * nothing but what the gateway itself confirms. Refuses: not-found, gateway-unavailable.
 */
export async function viewVerified(
  platform: Pick<Platform, 'db' | 'news' | 'gateways' | 'settings'>,
  which: { readonly reference: string } | { readonly id: PaymentId },
  asking: Asking = {},
): Promise<VerifiedPayment> {
  const known = 'id' in which ? await findPaymentById(platform.db.single, which.id) : undefined
  if ('id' in which && !known) throw new Refusal('not-found')
  const wasPaidBefore = known?.status === 'success'
  if (known?.reference === null) return { payment: known, gatewayId: null, wasPaidBefore }
  const reference = 'reference' in which ? which.reference : known?.reference
  if (reference === undefined) throw new Refusal('not-found')
  const payment = await settlePayment(platform, reference, asking)
  const charge = await findCountedCharge(platform.db.single, payment.id)
  return { payment, gatewayId: charge?.gatewayId ?? null, wasPaidBefore }
}
