import { choosePayment, openPaymentPage, type Payment } from '../../src/features/payments/index.ts'
import type { PaymentId } from '../../src/kernel/index.ts'
import { keyed, RETURN_URL, unlessRefused, workOff, type Flow, type Work } from './flow.ts'

/** A customer chooses a card, pays on the gateway's page, and its webhook comes. */
export function payFlow(work: Work): Flow {
  const { platform, scene, control, ear } = work
  let chosen: PaymentId
  let payment: Payment
  return {
    steps: [
      ['choose', async () => (chosen = await choose(work, scene.key))],
      ['open', async () => (payment = await openPaymentPage(platform, chosen, RETURN_URL))],
      ['(the customer pays)', () => payOn(work, payment)],
      ['webhook', () => ear.hear('last', control)],
      ['work-off', () => workOff(work)],
    ],
    // He pays on whatever page he is shown, unless it says that he has paid.
    retry: (round) =>
      unlessRefused({ 'already-paid': true }, async () => {
        const first = await askAgain(work, scene.key)
        const shown = first.status === 'failed' ? await askAgain(work, `${scene.key}-${round}`) : first
        await payOn(work, shown)
        return shown.status === 'success'
      }),
  }
}

const askAgain = async (work: Work, key: string): Promise<Payment> =>
  openPaymentPage(work.platform, await choose(work, key), RETURN_URL)

async function choose({ platform, scene }: Work, key: string): Promise<PaymentId> {
  const { customerId, tripId } = scene
  const { id } = await keyed(
    platform.db,
    { accountId: customerId, route: 'POST /v1/trips/:tripId/payment', key },
    (db) => choosePayment({ ...platform, db }, customerId, tripId, 'card'),
    (payment) => ({ id: payment.id }),
  )
  return id
}

async function payOn({ control }: Work, { gateway, reference, link }: Payment): Promise<void> {
  if (gateway === null || reference === null || link === null) return
  const { charges } = await control.effectsOf(reference)
  if (charges.length === 0) await control.pay(gateway, reference)
}
