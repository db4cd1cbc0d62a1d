import { TootaError, type Payment } from '@toota/sdk'
import { formatRand } from '../money.ts'
import type { Paying } from '../paying-plan.ts'
import type { Errand } from './errand.ts'
import { NoTestPage, press } from './payment-page.ts'

const DECISION_PATIENCE_MS = 30_000

export const BY: Readonly<Record<Paying['method'], string>> = {
  cash: 'in cash',
  card: 'by card',
  mobile_money: 'by mobile money',
}

/** Says how the trip is paid and, but for cash, pays. */
export async function payFor(errand: Errand, tripId: string): Promise<void> {
  const { scene, name, tell } = errand
  const paid = await payOnline(errand, tripId)
  const payment = paid ?? (await errand.toota.trips.payInCash(tripId))
  const { method } = scene.plan.paying
  scene.payment = payment
  scene.record.method = paid === undefined ? 'cash' : method
  scene.record.creditMinor = payment.creditMinor
  if (paid === undefined) return
  scene.record.onlineMinor = payment.amount.amountMinor
  tell(`${name} pays ${formatRand(payment.amount.amountMinor)} ${BY[method]}${restOf(payment)}`)
}

/** What of the fare is paid already. */
export const restOf = ({ creditMinor }: Payment): string =>
  creditMinor > 0 ? `, the other ${formatRand(creditMinor)} by credit` : ''

/** @returns undefined where it has to be cash */
async function payOnline(errand: Errand, tripId: string): Promise<Payment | undefined> {
  const { world, scene, name, tell } = errand
  const { paying } = scene.plan
  if (paying.method === 'cash' || !world.till.isOpen()) return undefined
  try {
    if (paying.isDeclinedFirst) {
      await play(errand, tripId, 'decline', 'failed')
      scene.record.cardsDeclined++
      tell(`${name}'s card is declined, and another one is tried`, 'bad')
    }
    return await play(errand, tripId, 'pay', 'success')
  } catch (error) {
    const why = whyCash(error)
    if (why === undefined) throw error
    world.till.shut(why)
    return undefined
  }
}

/** Gets the page, presses the button, and waits for what the server makes of it. */
async function play(
  { toota, scene }: Errand,
  tripId: string,
  action: 'pay' | 'decline',
  end: Payment['status'],
): Promise<Payment> {
  const { link, amount } = await toota.trips.pay(tripId, scene.plan.paying.method)
  if (link !== null) await press(link, action, amount)
  const signal = AbortSignal.timeout(DECISION_PATIENCE_MS)
  const payment = await toota.trips.awaitPayment(tripId, { signal })
  if (payment.status !== end) throw new Error(`to ${action} made the payment "${payment.status}"`)
  return payment
}

function whyCash(error: unknown): string | undefined {
  if (error instanceof NoTestPage) return error.message
  if (error instanceof TootaError && error.code === 'payment-unavailable')
    return 'No payment service is set up at this server'
  return undefined
}
