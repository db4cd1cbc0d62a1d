import { stateCash, type Payment } from '../../src/features/payments/index.ts'
import { cancelTrip, type Trip } from '../../src/features/trips/index.ts'
import { requestPayout } from '../../src/features/payouts/request-payout.ts'
import { savePayoutAccount } from '../../src/features/payouts/save-payout-account.ts'
import { numberReceipts } from '../../src/features/receipts/number-receipts.ts'
import type { CustomerId, DriverId } from '../../src/kernel/index.ts'
import { referenceOf, type MoneyWorld } from '../money.ts'

/** Something of everything that money can be about, all as it should be. */
export type SoundBooks = {
  readonly customer: CustomerId
  readonly driver: DriverId
  /** Completed, and its receipt is number 1 of its market. */
  readonly byCard: { readonly trip: Trip; readonly payment: Payment }
  /** Completed, without a receipt yet; the driver got 100 too little. */
  readonly byCash: Trip
  /** Its driver is on the way; the cash is still due. */
  readonly underWay: Trip
  /** Paid and waiting for a driver. */
  readonly waiting: { readonly trip: Trip; readonly payment: Payment }
  /** Cancelled, its refund written down but not sent. */
  readonly refunding: Payment
  readonly cancelled: Trip
}

export async function keepSoundBooks(world: MoneyWorld): Promise<SoundBooks> {
  const { platform } = world
  const customer = await world.addCustomer()
  const driver = await world.addDriver()
  const paid = async (market: 'ZA' | 'NG' = 'ZA') => {
    const trip = await world.newTrip(customer, market)
    const payment = await world.choose(trip)
    world.gateways.pay({ gateway: payment.gateway!, reference: referenceOf(payment), action: 'pay' })
    return { trip, payment: await world.settle(payment) }
  }
  const cancelled = async () => {
    const { trip, payment } = await paid()
    await cancelTrip(platform, trip.id, { role: 'customer', accountId: customer })
    return { trip, payment }
  }

  const byCard = await paid()
  await world.drive(byCard.trip, driver)
  const inNigeria = await paid('NG')
  await world.drive(inNigeria.trip, driver)
  await numberReceipts(platform)
  const byCash = await world.newTrip(customer)
  await world.choose(byCash, 'cash')
  await world.drive(byCash, driver)
  await stateCash(platform, driver, byCash.id, { receivedMinor: byCash.fare.amountMinor - 100 })
  await cancelled()
  await world.finishRefunds()
  const refunding = await cancelled()

  const underWay = await world.newTrip(customer)
  await world.choose(underWay, 'cash')
  await world.drive(underWay, await world.addDriver(), 'accepted')
  const waiting = await paid()
  await payOut(world, driver)
  return {
    ...{ customer, driver, byCard, byCash, underWay, waiting },
    refunding: refunding.payment,
    cancelled: refunding.trip,
  }
}

/** 100 of his earnings are on their way to the driver's bank. */
async function payOut({ platform }: MoneyWorld, driver: DriverId): Promise<void> {
  const account = { kind: 'bank', name: 'D Nkosi', accountNumber: '1234567890', bankCode: '632005' } as const
  await savePayoutAccount(platform, driver, account)
  const settings = { minPayoutMinor: { ZA: 100, NG: 100, KE: 100, GH: 100 } }
  await requestPayout({ ...platform, settings }, driver, { amountMinor: 100, currency: 'ZAR' })
}
