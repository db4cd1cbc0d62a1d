import type { Payment } from '@toota/sdk'
import { formatRand } from '../money.ts'
import type { Errand } from './errand.ts'
import { BY } from './paying.ts'

const REFUND_PATIENCE_MS = 30_000

/** The load is there: the customer confirms the cash that the code has not, and looks whether all is paid. */
export async function settleUp(errand: Errand, tripId: string): Promise<void> {
  const { toota, name, world, tell } = errand
  const { plan, record, cash } = errand.scene
  const mustConfirm = cash !== undefined && cash.code === undefined
  if (mustConfirm) await toota.trips.confirmCash(tripId, cash.minor)

  const { payment } = await toota.trips.get(tripId)
  const isPaid = payment?.status === 'success' && payment.receivedMinor === (cash?.minor ?? null)
  const isConfirmed = payment?.confirmedMinor === payment?.receivedMinor
  if (!isPaid || !isConfirmed) world.trouble(`trip ${plan.number} is delivered, but ${inShort(payment)}`)
  const how = mustConfirm
    ? `; ${name} confirms ${formatRand(cash.minor)} in cash`
    : `, paid ${BY[record.method ?? 'cash']}`
  tell(`delivered in ${plan.destination.name} for ${formatRand(record.fareMinor)}${how}`, 'good')
}

const inShort = (payment: Payment | null): string =>
  payment === null
    ? 'has no payment'
    : `the payment is "${payment.status}", received ${payment.receivedMinor}, confirmed ${payment.confirmedMinor}`

/** What was paid for a trip that is not driven goes back by itself, only not at once. */
export async function awaitRefund(errand: Errand, tripId: string): Promise<void> {
  try {
    await seeRefund(errand, tripId)
  } catch (error) {
    errand.world.trouble(
      `${errand.name} asked for the money: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

async function seeRefund({ toota, name, scene, tell }: Errand, tripId: string): Promise<void> {
  const told = toota.live
    .next('payment.changed', ({ data }) => data.tripId === tripId && data.status === 'refunded', {
      signal: AbortSignal.timeout(REFUND_PATIENCE_MS),
    })
    .catch(() => undefined)
  const find = async (): Promise<Payment | null> => (await toota.trips.get(tripId)).payment
  let payment = await find()
  if (payment?.status !== 'refunded') {
    await told
    payment = await find()
  }
  if (payment?.status !== 'refunded') return
  scene.record.refundedMinor = payment.amount.amountMinor
  tell(`${formatRand(payment.amount.amountMinor)} is back with ${name}`)
}
