import { choosePayment, findPayment, type Payment } from '../../src/features/payments/index.ts'
import { listCases } from '../../src/features/payments/list-cases.ts'
import { confirmCash } from '../../src/features/payments/confirm-cash.ts'
import { stateCash, type CashStatement } from '../../src/features/payments/state-cash.ts'
import type { MoneyCase } from '../../src/features/payments/case-store.ts'
import { advanceTrip, type Trip } from '../../src/features/trips/index.ts'
import type { CustomerId, DriverId } from '../../src/kernel/index.ts'
import type { MoneyWorld } from '../money.ts'

/** A trip that is paid in cash, with the two who pay and take it. */
export type CashTrip = {
  readonly trip: Trip
  readonly customer: CustomerId
  readonly driver: DriverId
  /** The fare less the customer's credit. */
  readonly dueMinor: number
}

/** What tests do about cash, and see of it. */
export function createCashStage(world: () => MoneyWorld) {
  const find = async ({ trip }: CashTrip): Promise<Payment> =>
    (await findPayment(world().db.single, trip.id))!
  const start = async (
    until: Parameters<MoneyWorld['drive']>[2] = 'arrived_pickup',
    { customer, driver }: { customer?: CustomerId; driver?: DriverId } = {},
  ): Promise<CashTrip> => {
    const people = {
      customer: customer ?? (await world().addCustomer()),
      driver: driver ?? (await world().addDriver()),
    }
    const trip = await world().newTrip(people.customer)
    const payment = await choosePayment(world().platform, people.customer, trip.id, 'cash')
    await world().drive(trip, people.driver, until)
    return { trip, ...people, dueMinor: payment.amount.amountMinor }
  }

  return {
    find,
    /** New people and a trip that has come this far. */
    start,
    advance: ({ trip, driver }: CashTrip, to: 'loaded' | 'in_transit' | 'completed') =>
      advanceTrip(world().platform, driver, trip.id, to),
    state: ({ trip, driver }: CashTrip, statement?: CashStatement) =>
      stateCash(world().platform, driver, trip.id, statement),
    confirm: ({ trip, customer }: CashTrip, paidMinor: number) =>
      confirmCash(world().platform, customer, trip.id, paidMinor),

    /** What the two have and owe. The driver's balance is what he has earned less what he holds of others. */
    async balances({ customer, driver }: CashTrip) {
      const of = (kind: string, owner: string) => world().balance(kind, owner)
      return {
        held: await of('held', customer),
        credit: await of('credit', customer),
        owed: 0 - (await of('receivable', customer)),
        driver: await of('driver', driver),
        withheld: await of('withheld', driver),
      }
    },

    /** What is open about the trip. */
    async cases({ trip }: CashTrip): Promise<readonly MoneyCase[]> {
      const { cases } = await listCases(world().platform, { isOpen: true, limit: 100 })
      return cases.filter(({ tripId }) => tripId === trip.id)
    },
  }
}

/** 20 % of a fare, halves up: the commission of worlds that set no other. */
export const commissionOn = ({ fare }: Trip): number => Math.round(fare.amountMinor / 5)
