import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CustomerId, DriverId } from '../../kernel/index.ts'
import { createMoneyWorld, referenceOf, type MoneyWorld } from '../../../test/money.ts'
import { cancelTrip, offerTrip } from '../trips/index.ts'
import { settlePayment } from './settle-payment.ts'

let world: MoneyWorld
let customer: CustomerId
let driver: DriverId
beforeAll(async () => {
  world = await createMoneyWorld()
})
afterAll(() => world.close())

const newPeople = async () => {
  customer = await world.addCustomer()
  driver = await world.addDriver()
}

describe.each(['ZA', 'NG'] as const)('a payment in %s', (market) => {
  const gateway = market === 'ZA' ? 'paystack' : 'flutterwave'
  const currency = market === 'ZA' ? 'ZAR' : 'NGN'

  it('[PA9] [PA5] is paid once the gateway says so, and is booked once however often it is asked', async () => {
    await newPeople()
    const trip = await world.newTrip(customer, market)
    const payment = await world.choose(trip)
    expect(payment).toMatchObject({ status: 'pending', gateway, amount: trip.fare })
    expect((await world.settle(payment)).status).toBe('pending')

    world.gateways.pay({ gateway, reference: referenceOf(payment), action: 'pay' })
    await Promise.all(Array.from({ length: 8 }, () => world.settle(payment)))
    expect((await world.find(payment.id)).status).toBe('success')
    expect(await world.balance('held', customer, currency)).toBe(trip.fare.amountMinor)
    expect(await world.audit()).toEqual([])
  })

  it('[PA14] a driver is asked only once it is paid', async () => {
    await newPeople()
    const trip = await world.newTrip(customer, market)
    const payment = await world.choose(trip)
    await expect(offerTrip(world.platform, customer, trip.id, driver)).rejects.toMatchObject({
      code: 'payment-missing',
    })
    world.gateways.pay({ gateway, reference: referenceOf(payment), action: 'pay' })
    await world.settle(payment)
    await world.drive(trip, driver)
    expect(await world.balance('held', customer, currency)).toBe(0)
    expect(await world.balance('driver', driver, currency)).toBe(Math.round(trip.fare.amountMinor * 0.8))
    expect(await world.audit()).toEqual([])
  })

  it('[PA12] goes back by itself when the trip is cancelled, once', async () => {
    await newPeople()
    const trip = await world.newTrip(customer, market)
    const payment = await world.choose(trip)
    world.gateways.pay({ gateway, reference: referenceOf(payment), action: 'pay' })
    await world.settle(payment)
    await cancelTrip(world.platform, trip.id, { role: 'customer', accountId: customer })
    expect((await world.find(payment.id)).status).toBe('refunding')
    await world.finishRefunds()
    expect((await world.find(payment.id)).status).toBe('refunded')
    expect(world.gateways.effectsOf(referenceOf(payment)).refunds).toHaveLength(1)
    expect(await world.audit()).toEqual([])
  })

  it('[PA10] a late success counts, and a trip that has ended gets its money back', async () => {
    await newPeople()
    const trip = await world.newTrip(customer, market)
    const payment = await world.choose(trip)
    await cancelTrip(world.platform, trip.id, { role: 'customer', accountId: customer })
    world.gateways.pay({ gateway, reference: referenceOf(payment), action: 'pay' })
    expect((await settlePayment(world.platform, referenceOf(payment))).status).toBe('refunding')
    await world.finishRefunds()
    expect((await world.find(payment.id)).status).toBe('refunded')
    expect(await world.audit()).toEqual([])
  })
})
