import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { post, type Posting } from '../../src/features/ledger/index.ts'
import { cashCodeOf, findPayment, stateCash, type Payment } from '../../src/features/payments/index.ts'
import { refundPayment } from '../../src/features/payments/refund-payment.ts'
import { newId, type CustomerId, type DriverId } from '../../src/kernel/index.ts'
import { referenceOf, type MoneyWorld } from '../money.ts'
import { inMoneyWorld, type MoneySabotage } from './sabotage.ts'

/* Each guard of money, taken away: what it forbids then happens. Where two guard the same, both are taken. */

const customer = newId<CustomerId>()
const driver = newId<DriverId>()
const posting = (key: string, creditMinor: number, officeMinor = -creditMinor): Posting => ({
  ...{ kind: 'test', key, currency: 'ZAR' },
  entries: [
    { account: { kind: 'credit', owner: customer }, amountMinor: creditMinor },
    { account: { kind: 'clearing', owner: 'office' }, amountMinor: officeMinor },
  ],
})
const book = ({ platform }: MoneyWorld, wanted: Posting): Promise<boolean> =>
  platform.db.transaction((tx) => post(tx, wanted))
/** What happened: the value, or the constraint that was in the way. */
const tried = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.catch((error: unknown) => (error as { constraint?: string }).constraint ?? String(error))
const bothWays = async <T>(
  sabotage: MoneySabotage,
  test: (world: MoneyWorld) => Promise<T>,
): Promise<T[]> => [await inMoneyWorld(sabotage, test), await inMoneyWorld({}, test)]

describe('the ledger', () => {
  it('[LG1] takes what does not balance only without its trigger, and then the audit shows it', async () => {
    const sabotage = { schema: ['drop trigger ledger_is_balanced on ledger_entry'] }
    const answers = await bothWays(sabotage, async (world) => [
      await tried(book(world, posting('1', 5, -4))),
      (await world.audit()).map(({ promise }) => promise),
    ])
    expect(answers).toEqual([
      [true, ['every transaction balances in each currency']],
      ['ledger_is_balanced', []],
    ])
  })

  it('[LG2] changes entries only without its trigger, and then the audit shows it', async () => {
    const sabotage = { schema: ['drop trigger ledger_entry_is_immutable on ledger_entry'] }
    const answers = await bothWays(sabotage, async (world) => {
      await book(world, posting('1', 5))
      const change = sql`update ledger_entry set amount_minor = amount_minor * 2`.execute(world.db.single)
      const isRefused = await change.then(
        () => false,
        () => true,
      )
      return [isRefused, (await world.audit()).map(({ promise }) => promise)]
    })
    expect(answers).toEqual([
      [false, ["people's balances are the sums of their entries"]],
      [true, []],
    ])
  })

  it('[LG3] books twenty times at once only without its key', async () => {
    const sabotage = {
      schema: ['alter table ledger_transaction drop constraint ledger_transaction_kind_key_key'],
      code: [['on conflict (kind, key) do nothing', '']] as const,
    }
    const counts = await bothWays(sabotage, async (world) => {
      await Promise.all(Array.from({ length: 20 }, () => book(world, posting('1', 5))))
      return world.balance('credit', customer)
    })
    expect(counts).toEqual([100, 5])
  })

  it('[LG4] lets credit below nothing only without its constraint', async () => {
    const sabotage = { schema: ['alter table ledger_account drop constraint ledger_never_negative'] }
    const spend = (world: MoneyWorld) => tried(book(world, posting('1', -5)))
    expect(await bothWays(sabotage, spend)).toEqual([true, 'ledger_never_negative'])
  })

  it('[LG4] pays out more than there is only without its trigger', async () => {
    const sabotage = {
      schema: ['drop trigger ledger_balances on ledger_entry'],
    }
    const payOut = (world: MoneyWorld) =>
      tried(
        book(world, {
          ...{ kind: 'payout', key: '1', currency: 'ZAR' },
          entries: [
            { account: { kind: 'driver', owner: driver }, amountMinor: -5 },
            { account: { kind: 'payouts', owner: 'paystack' }, amountMinor: 5 },
          ],
        }),
      )
    expect(await bothWays(sabotage, payOut)).toEqual([true, 'payout_within_balance'])
  })
})

describe('payments', () => {
  /** Cash that its driver is about to take. */
  const inCash = async (world: MoneyWorld) => {
    const trip = await world.newTrip(await world.addCustomer())
    await world.choose(trip, 'cash')
    const driverId = await world.addDriver()
    await world.drive(trip, driverId, 'arrived_pickup')
    return { trip, driverId, payment: (await findPayment(world.db.single, trip.id))! }
  }

  it('[CA4] a code can be guessed only where tries are not counted down', async () => {
    const sabotage = {
      schema: ['alter table payment drop constraint payment_code_tries_left_check'],
      code: [['and code_tries_left > 0 returning 1', 'returning 1']] as const,
    }
    const guess = async (world: MoneyWorld) => {
      const { trip, driverId, payment } = await inCash(world)
      const right = cashCodeOf(world.platform.tokens, payment.id)
      const say = (code: string) => tried(stateCash(world.platform, driverId, trip.id, { code }))
      for (let n = 1; n <= 6; n++) await say(String((Number(right) + n) % 1_000_000).padStart(6, '0'))
      await say(right)
      return (await world.find(payment.id)).status
    }
    expect(await bothWays(sabotage, guess)).toEqual(['success', 'pending'])
  })

  it('[RF2] more than a charge is given back only without locks and constraint', async () => {
    const unlocked = (from: string) => [`${from} for update`, from] as const
    const sabotage = {
      schema: ['alter table charge drop constraint charge_refunds'],
      code: [
        unlocked('from "trip" where "id" = $1'),
        unlocked('from "payment" where "id" = $1'),
        unlocked('from "charge" where "payment_id" = $1 order by "id"'),
      ],
    }
    const giveBack = async (world: MoneyWorld) => {
      const payment = await paid(world)
      const { amountMinor } = payment.amount
      await Promise.all(
        Array.from({ length: 8 }, () =>
          tried(
            refundPayment(world.platform, payment.id, { amountMinor, reason: 'sorry', isFromCredit: false }),
          ),
        ),
      )
      const { refunded_minor: refundedMinor } = await world.db.single
        .selectFrom('charge')
        .select('refunded_minor')
        .where('payment_id', '=', payment.id)
        .executeTakeFirstOrThrow()
      return refundedMinor > amountMinor
    }
    expect(await bothWays(sabotage, giveBack)).toEqual([true, false])
  })

  const paid = async (world: MoneyWorld): Promise<Payment> => {
    const trip = await world.newTrip(await world.addCustomer())
    const payment = await world.choose(trip)
    world.gateways.pay({ gateway: 'paystack', reference: referenceOf(payment), action: 'pay' })
    await world.settle(payment)
    await world.drive(trip, await world.addDriver())
    return payment
  }
})
