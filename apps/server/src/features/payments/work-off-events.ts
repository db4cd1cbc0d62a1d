import type { GatewayName } from '@toota/contract'
import { Refusal, type PaymentId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { advanceRefund } from './advance-refund.ts'
import { openCase } from './case-store.ts'
import { claimEvents, deleteOldEvents, saveEventDone, type GatewayEvent } from './gateway-event-store.ts'
import { findPaymentByPage, findPaymentByReference } from './payment-store.ts'
import { claimRefundsOf, countOpenRefunds } from './refund-store.ts'
import { settlePayment } from './settle-payment.ts'

type World = Pick<Platform, 'db' | 'news' | 'gateways' | 'settings' | 'log'>

const BATCH = 20
const LEASE_SECONDS = 60
/** A customer looks at a page that says "paid" and waits for us. */
const PAUSE_MS = 250
/** After the last the reconciliation of the day finds what nobody could tell. */
const RETRY_AFTER_SECONDS = [5, 30, 120, 600, 3600, 6 * 3600] as const

/** `advancePayout` is given in: payouts are a feature of their own. */
export type PayoutEvents = (reference: string) => Promise<void>

/** Does what webhooks have pointed at, and answers in how many milliseconds to look again. */
export async function workOffEvents(platform: World, advancePayout: PayoutEvents): Promise<number> {
  const events = await claimEvents(platform.db.single, BATCH, LEASE_SECONDS)
  await Promise.all(events.map((event) => workOff(platform, event, advancePayout)))
  return events.length === BATCH ? 0 : PAUSE_MS
}

async function workOff(platform: World, event: GatewayEvent, advancePayout: PayoutEvents): Promise<void> {
  const { db, log } = platform
  try {
    await act(platform, event, advancePayout)
    await saveEventDone(db.single, event.id)
  } catch (error) {
    const isAway = error instanceof Refusal && error.code === 'gateway-unavailable'
    log[isAway ? 'warn' : 'error']({ err: error, eventId: event.id }, 'a webhook could not be worked off')
    await saveEventDone(db.single, event.id, RETRY_AFTER_SECONDS[event.attempt - 1] ?? null)
  }
}

async function act(platform: World, event: GatewayEvent, advancePayout: PayoutEvents): Promise<void> {
  const { about, gateway, reference, gatewayId } = event
  const { single } = platform.db
  if (about === 'transfer') {
    if (reference !== null) await advancePayout(reference)
    return
  }
  const payment =
    reference !== null
      ? await findPaymentByReference(single, reference)
      : gatewayId !== null
        ? await findPaymentByPage(single, gateway, gatewayId)
        : undefined
  if (payment?.reference == null) return
  if (about === 'refund') {
    await advanceRefundsOf(platform, payment.id, gateway, event.event)
    return
  }
  if (about === 'dispute')
    await openCase(single, {
      kind: 'charge-disputed',
      about: `${payment.id}:${gatewayId ?? ''}`,
      tripId: payment.tripId,
      paymentId: payment.id,
      details: { event: event.event, gateway, gatewayId },
    })
  const transactionId = gatewayId === payment.pageGatewayId ? null : gatewayId
  await settlePayment(platform, payment.reference, { transactionId, isAgain: about === 'dispute' })
}

async function advanceRefundsOf(
  platform: World,
  paymentId: PaymentId,
  gateway: GatewayName,
  event: string,
): Promise<void> {
  const open = await countOpenRefunds(platform.db.single, paymentId)
  const refunds = await claimRefundsOf(platform.db.single, paymentId, LEASE_SECONDS)
  // It names no refund of ours: with several under way a person has to tell which one is meant.
  const told = open === 1 ? platform.gateways.named(gateway)?.refundEnd?.(event) : undefined
  const advanced = await Promise.all(refunds.map((refund) => advanceRefund(platform, refund, told)))
  // Who has one just now, or died with it, may never hear what this event tells.
  if (refunds.length < open || advanced.includes(false)) throw new Refusal('gateway-unavailable')
}

const FORGET_BATCH = 1_000
const FORGET_PAUSE_MS = 10 * 60_000

/** Forgets events that no gateway will repeat any more; answers in how many milliseconds to look again. */
export async function forgetEvents({ db }: Pick<Platform, 'db'>): Promise<number> {
  return (await deleteOldEvents(db.single, FORGET_BATCH)) === FORGET_BATCH ? 0 : FORGET_PAUSE_MS
}
