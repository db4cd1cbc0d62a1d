import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { choosePayment, openPaymentPage, type Payment } from '../../src/features/payments/index.ts'
import { checkOwnPayment } from '../../src/features/payments/check-own-payment.ts'
import { findPaymentById } from '../../src/features/payments/payment-store.ts'
import { offerTrip } from '../../src/features/trips/index.ts'
import { Refusal } from '../../src/kernel/index.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { RETURN_URL } from './play.ts'
import { createStage, makeDue, sweepPayments, type Stage, type StageTrip } from './stage.ts'

/* Three outages in a row rest a gateway's client for half a minute; see docs/gateway-faults.md. */

let stage: Stage
let platform: Platform
let now: number
const begin = async (gateway: Parameters<typeof createStage>[0]): Promise<void> => {
  stage = await createStage(gateway)
  now = 0
  platform = stage.platformWith({ now: () => now })
}
afterEach(() => stage.close())

const newTrip = async (): Promise<StageTrip> => (await stage.addTrips([23_456]))[0]!
const choose = ({ customerId, tripId }: StageTrip, method: Payment['method'] = 'card') =>
  choosePayment(platform, customerId, tripId, method)
const told = (answer: Promise<Payment>): Promise<string> =>
  answer.then(
    ({ link, status }) => (status === 'pending' && link !== null ? 'link' : status),
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  )
const pageFor = async (trip: StageTrip) =>
  told(openPaymentPage(platform, (await choose(trip)).id, RETURN_URL))
const calls = (name: string): number => stage.control.effects()[stage.name].calls[name] ?? 0
const break3 = () =>
  stage.control.faultCalls({ call: `${stage.name}.initialize`, fault: '500', times: 3, isProcessed: false })
const rest = async (): Promise<void> => {
  break3()
  for (let n = 0; n < 3; n++) expect(await pageFor(await newTrip())).toBe('gateway-unavailable')
}

describe.each(['paystack', 'flutterwave', 'yoco'] as const)('after three outages %s', (gateway) => {
  beforeEach(() => begin(gateway))

  it('[PA10] [PA1] is left alone, cash still works, and after half a minute one question finds it well', async () => {
    await rest()
    const trip = await newTrip()
    expect(await pageFor(trip)).toBe('gateway-unavailable')
    expect(calls('initialize')).toBe(3)

    expect(await told(choose(trip, 'cash'))).toBe('pending')
    const driver = await stage.addDriver()
    await expect(offerTrip(platform, trip.customerId, trip.tripId, driver)).resolves.toMatchObject({
      offer: { state: 'open' },
    })

    now += 29_000
    expect(await pageFor(await newTrip())).toBe('gateway-unavailable')
    expect(calls('initialize')).toBe(3)
    now += 2_000
    expect(await pageFor(await newTrip())).toBe('link')
    expect(await pageFor(await newTrip())).toBe('link')
    expect(calls('initialize')).toBe(5)
  })

  it('[PA10] fails nobody who has a page already: who paid meanwhile is asked about later', async () => {
    const trip = await newTrip()
    const payment = await openPaymentPage(platform, (await choose(trip)).id, RETURN_URL)
    stage.control.pay({ gateway, reference: payment.reference!, action: 'pay' })
    await rest()
    const asked = () => told(checkOwnPayment(platform, trip.customerId, trip.tripId))
    expect(await asked()).toBe('gateway-unavailable')
    await makeDue.payments(stage.db, [trip.tripId])
    await sweepPayments(platform)
    expect((await findPaymentById(stage.db.single, payment.id))?.status).toBe('pending')
    expect(calls('verify') + calls('verify-by-reference')).toBe(0)

    now += 31_000
    expect(await asked()).toBe('success')
  })

  it('[PA8] takes the same trip when it is back', async () => {
    const trip = await newTrip()
    await rest()
    expect(await pageFor(trip)).toBe('gateway-unavailable')
    now += 31_000
    expect(await pageFor(trip)).toBe('link')
  })
})
