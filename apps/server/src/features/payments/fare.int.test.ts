import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMoneyWorld, referenceOf, type MoneyWorld } from '../../../test/money.ts'
import type { CustomerId, DriverId } from '../../kernel/index.ts'
import { advanceTrip, type Trip } from '../trips/index.ts'
import { stateCash } from './state-cash.ts'

const COMMISSION = { ZA: 2_000, NG: 100, KE: 2_000, GH: 2_000 }
const TAX = { ZA: 1_500, NG: 750, KE: 0, GH: 0 }

let world: MoneyWorld
beforeAll(async () => {
  world = await createMoneyWorld({ settings: { commissionBasisPoints: COMMISSION, taxBasisPoints: TAX } })
})
afterAll(() => world.close())

let customer: CustomerId
let driver: DriverId
beforeEach(async () => {
  customer = await world.addCustomer()
  driver = await world.addDriver()
})
afterEach(async () => expect(await world.audit()).toEqual([]))

const settlement = (trip: Trip) =>
  world.db.single
    .selectFrom('settlement')
    .selectAll()
    .where('trip_id', '=', trip.id)
    .executeTakeFirstOrThrow()
const gross = ({ fare, market }: Trip) => Math.round((fare.amountMinor * COMMISSION[market]) / 10_000)
const tax = (trip: Trip) => Math.round((gross(trip) * TAX[trip.market]) / (10_000 + TAX[trip.market]))
/** What the fake gateways keep. */
const feeOf = (amountMinor: number) => Math.ceil((amountMinor * 15) / 1_000)

async function payByCard(trip: Trip, script: 'success' | 'overpay' = 'success'): Promise<void> {
  const payment = await world.choose(trip)
  const { gateway } = payment
  world.gateways.pay({ gateway: gateway!, reference: referenceOf(payment), action: 'pay', script })
  expect((await world.settle(payment)).status).toBe('success')
}

describe('the fare of a completed trip', () => {
  it('[LG5] paid in cash: the driver keeps it and owes commission and tax', async () => {
    const trip = await world.newTrip(customer)
    await world.choose(trip, 'cash')
    await world.drive(trip, driver)
    const { amountMinor } = trip.fare
    expect(await settlement(trip)).toMatchObject({
      ...{ market: 'ZA', currency: 'ZAR', method: 'cash', customer_id: customer, driver_id: driver },
      ...{ fare_minor: amountMinor, earning_minor: amountMinor - gross(trip) },
      ...{ commission_minor: gross(trip) - tax(trip), tax_minor: tax(trip), fee_minor: 0 },
      ...{ tax_basis_points: 1_500, credit_minor: 0 },
    })
    expect(tax(trip)).toBeGreaterThan(0)
    expect(await world.balance('driver', driver)).toBe(-gross(trip))
    expect(await world.balance('held', customer)).toBe(0)
    expect(await world.balance('receivable', customer)).toBe(0)
  })

  it("[LG5] paid by card: the commission bears tax and the gateway's fee", async () => {
    const trip = await world.newTrip(customer)
    await payByCard(trip)
    const { amountMinor } = trip.fare
    const fee = feeOf(amountMinor)
    const before = {
      commission: await world.balance('commission', 'ZA'),
      tax: await world.balance('tax', 'ZA'),
    }
    const feesBefore = await world.balance('fees', 'ZA')
    await world.drive(trip, driver)
    expect(await settlement(trip)).toMatchObject({
      ...{ method: 'card', earning_minor: amountMinor - gross(trip), fee_minor: fee, tax_minor: tax(trip) },
      commission_minor: gross(trip) - tax(trip) - fee,
    })
    expect(await world.balance('driver', driver)).toBe(amountMinor - gross(trip))
    expect((await world.balance('commission', 'ZA')) - before.commission).toBe(gross(trip) - tax(trip) - fee)
    expect((await world.balance('tax', 'ZA')) - before.tax).toBe(tax(trip))
    // What the gateway has kept is borne by the trip now.
    expect((await world.balance('fees', 'ZA')) - feesBefore).toBe(fee)
  })

  it('[LG5] a fee larger than the commission is the loss of the operator, never of the driver', async () => {
    const trip = await world.newTrip(customer, 'NG')
    await payByCard(trip)
    await world.drive(trip, driver)
    const row = await settlement(trip)
    const fee = feeOf(trip.fare.amountMinor)
    expect(fee).toBeGreaterThan(gross(trip))
    expect(row).toMatchObject({
      fee_minor: fee,
      commission_minor: gross(trip) - tax(trip) - fee,
      earning_minor: trip.fare.amountMinor - gross(trip),
    })
    expect(row.commission_minor).toBeLessThan(0)
    expect(await world.balance('driver', driver, 'NGN')).toBe(trip.fare.amountMinor - gross(trip))
  })

  it('[LG5] the fee is that of the whole charge, also of what was paid too much', async () => {
    const trip = await world.newTrip(customer)
    await payByCard(trip, 'overpay')
    await world.drive(trip, driver)
    expect((await settlement(trip)).fee_minor).toBe(feeOf(trip.fare.amountMinor + 1))
    expect(await world.balance('credit', customer)).toBe(1)
  })

  it('[LG5] paid by credit alone costs no fee, in part that of the rest', async () => {
    const first = await world.newTrip(customer)
    await world.choose(first, 'cash')
    await world.drive(first, driver)
    const { amountMinor } = first.fare
    await stateCash(world.platform, driver, first.id, { receivedMinor: amountMinor * 2 + 500 })

    const byCredit = await world.newTrip(customer)
    const payment = await world.choose(byCredit)
    expect(payment).toMatchObject({ status: 'success', gateway: null })
    await world.drive(byCredit, driver)
    const rest = amountMinor + 500 - byCredit.fare.amountMinor
    expect(await settlement(byCredit)).toMatchObject({
      method: 'card',
      fee_minor: 0,
      credit_minor: byCredit.fare.amountMinor,
    })

    const inPart = await world.newTrip(customer)
    await payByCard(inPart)
    await world.drive(inPart, driver)
    expect(await settlement(inPart)).toMatchObject({
      fee_minor: feeOf(inPart.fare.amountMinor - rest),
      credit_minor: rest,
    })
    expect(await world.balance('credit', customer)).toBe(0)
  })

  it('[LG5] is divided once, whoever completes it how often', async () => {
    const trip = await world.newTrip(customer)
    await world.choose(trip, 'cash')
    await world.drive(trip, driver, 'loaded')
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => advanceTrip(world.platform, driver, trip.id, 'completed')),
    )
    expect(answers.filter(({ isChanged }) => isChanged)).toHaveLength(1)
    expect(await world.balance('driver', driver)).toBe(-gross(trip))
  })
})
