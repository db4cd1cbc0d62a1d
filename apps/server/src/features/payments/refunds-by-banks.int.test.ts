import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMoneyWorld, referenceOf, type MoneyWorld } from '../../../test/money.ts'
import type { CustomerId, DriverId } from '../../kernel/index.ts'
import type { Gateways } from '../../platform/gateways/gateway.ts'
import { acceptOffer, advanceTrip, cancelTrip, type Trip } from '../trips/index.ts'
import { refundPayment } from './refund-payment.ts'
import { settlePayment } from './settle-payment.ts'
import type { Payment } from './model/payment.ts'

let world: MoneyWorld
beforeAll(async () => (world = await createMoneyWorld()))
afterAll(() => world.close())
afterEach(async () => expect(await world.audit()).toEqual([]))

let customer: CustomerId
let driver: DriverId
beforeEach(async () => {
  customer = await world.addCustomer()
  driver = await world.addDriver()
})

type Bought = { readonly trip: Trip; readonly payment: Payment }
const paid = async (script: 'reversed' | 'overpay' | 'underpay' = 'reversed'): Promise<Bought> => {
  const trip = await world.newTrip(customer)
  const payment = await world.choose(trip)
  world.gateways.pay({ gateway: 'paystack', reference: referenceOf(payment), action: 'pay', script })
  return { trip, payment: await world.settle(payment) }
}
/** Days later the customer's bank has the money back, and we hear of it. */
const reverse = async ({ payment }: Bought) => {
  await world.gateways.advance(10)
  return settlePayment(world.platform, referenceOf(payment), { isAgain: true })
}
const casesOf = async ({ payment }: Bought) =>
  (
    await world.db.single
      .selectFrom('money_case')
      .select(['kind', 'details'])
      .where('payment_id', '=', payment.id)
      .execute()
  ).map(({ kind, details }) => ({ kind, amountMinor: (details as { amountMinor?: number }).amountMinor }))
const balances = async () => ({
  held: await world.balance('held', customer),
  credit: await world.balance('credit', customer),
  owed: 0 - (await world.balance('receivable', customer)),
  driver: await world.balance('driver', driver),
})
const earned = ({ trip }: Bought) => trip.fare.amountMinor - Math.round(trip.fare.amountMinor / 5)

describe('what a bank takes back', () => {
  it('[PA17] of a driven trip the customer owes, the driver keeps his earnings, and a case is opened', async () => {
    const bought = await paid()
    await world.drive(bought.trip, driver)
    expect((await reverse(bought)).status).toBe('reversed')
    const { amountMinor } = bought.payment.amount
    expect(await balances()).toEqual({ held: 0, credit: 0, owed: amountMinor, driver: earned(bought) })
    expect(await casesOf(bought)).toEqual([{ kind: 'charge-reversed', amountMinor }])
  })

  it('[PA17] is booked once, by as many as hear of it at once and later', async () => {
    const bought = await paid()
    await world.drive(bought.trip, driver)
    await world.gateways.advance(10)
    await Promise.all(Array.from({ length: 8 }, () => reverse(bought)))
    await reverse(bought)
    expect(await balances()).toMatchObject({ owed: bought.payment.amount.amountMinor })
    expect(await casesOf(bought)).toHaveLength(1)
  })

  it('[PA17] during the trip: it is driven to its end, the driver earns, the customer owes the fare', async () => {
    const bought = await paid()
    await world.drive(bought.trip, driver, 'loaded')
    await reverse(bought)
    expect(await balances()).toEqual({ held: 0, credit: 0, owed: 0, driver: 0 })
    await advanceTrip(world.platform, driver, bought.trip.id, 'completed')
    expect(await balances()).toMatchObject({ owed: bought.trip.fare.amountMinor, driver: earned(bought) })
  })

  it('[PA17] before a driver has said yes: he cannot any more, and cancelling gives nothing back', async () => {
    const bought = await paid()
    const offerId = await world.offer(customer, bought.trip.id, driver)
    await reverse(bought)
    await expect(acceptOffer(world.platform, driver, offerId)).rejects.toMatchObject({ code: 'offer-closed' })
    await cancelTrip(world.platform, bought.trip.id, { role: 'customer', accountId: customer })
    await world.finishRefunds()
    expect(world.gateways.effectsOf(referenceOf(bought.payment)).refunds).toEqual([])
    expect(await balances()).toEqual({ held: 0, credit: 0, owed: 0, driver: 0 })
  })

  it('[PA17] is no case when we ourselves have given it back, which the gateway calls reversed too', async () => {
    const bought = await paid('overpay')
    await world.drive(bought.trip, driver)
    const { amountMinor } = bought.payment.amount
    const refund = (more: number, isFromCredit: boolean) =>
      refundPayment(world.platform, bought.payment.id, { amountMinor: more, reason: 'sorry', isFromCredit })
    await refund(amountMinor, false)
    await refund(1, true)
    await world.finishRefunds()
    expect((await reverse(bought)).status).toBe('success')
    expect(await casesOf(bought)).toEqual([])
    expect(await balances()).toEqual({ held: 0, credit: 0, owed: 0, driver: earned(bought) })
  })

  it.each(['overpay', 'underpay'] as const)(
    '[PA17] of %s is owed, for its credit may be spent',
    async (script) => {
      const bought = await paid(script)
      const more = script === 'overpay' ? 1 : -1
      const { amountMinor } = bought.payment.amount
      const after = await settlePayment(
        { ...world.platform, gateways: tookBack(world.platform.gateways) },
        ...AGAIN(bought),
      )
      expect(after.status).toBe(script === 'overpay' ? 'reversed' : 'underpaid')
      expect(await casesOf(bought)).toEqual([{ kind: 'charge-reversed', amountMinor: amountMinor + more }])
      const credit = script === 'overpay' ? 1 : amountMinor - 1
      expect(await balances()).toMatchObject({ held: 0, credit, owed: credit })
    },
  )
})

const AGAIN = ({ payment }: Bought) => [referenceOf(payment), { isAgain: true }] as const

/** The same gateways, but that banks have taken back whatever was paid. */
const tookBack = (gateways: Gateways): Gateways => ({
  ...gateways,
  named: (name) => {
    const gateway = gateways.named(name)
    return (
      gateway && {
        ...gateway,
        async verifyPayment(query) {
          const answer = await gateway.verifyPayment(query)
          const isPaid = answer.outcome === 'done' && answer.value.state === 'paid'
          return isPaid ? { ...answer, value: { ...answer.value, state: 'reversed' } } : answer
        },
      }
    )
  },
})
