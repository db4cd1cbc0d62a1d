import { CURRENCIES, type Currency } from '@toota/contract'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../../test/world.ts'
import { newId, type CustomerId, type DriverId } from '../../kernel/index.ts'
import { auditLedger } from './audit-ledger.ts'
import { findBalancesOf, lockBalance, post } from './ledger-store.ts'
import type { Account, Entry, Posting } from './model/posting.ts'
import { takeCommission } from './take-commission.ts'

let world: World
beforeAll(async () => (world = await createWorld()))
afterAll(async () => {
  expect(await auditLedger(world.platform)).toEqual([])
  await world.close()
})

let customer: CustomerId
let driver: DriverId
let nth = 0
beforeEach(() => {
  customer = newId<CustomerId>()
  driver = newId<DriverId>()
  nth++
})

const OFFICE: Account = { kind: 'clearing', owner: 'office' }
const of = (kind: 'held' | 'credit' | 'receivable', amountMinor: number): Entry => ({
  account: { kind, owner: customer },
  amountMinor,
})
const ofDriver = (kind: 'driver' | 'withheld', amountMinor: number): Entry => ({
  account: { kind, owner: driver },
  amountMinor,
})
const posting = (entries: readonly Entry[], more: Partial<Posting> = {}): Posting => ({
  kind: 'test',
  key: `${nth}`,
  currency: 'ZAR',
  entries,
  ...more,
})
/** With the office on the other side. */
const against = (entry: Entry): readonly Entry[] => [
  entry,
  { account: OFFICE, amountMinor: -entry.amountMinor },
]
const booked = (wanted: Posting) => world.db.transaction((tx) => post(tx, wanted))
const balanceOf = (account: Account, currency: Currency = 'ZAR') =>
  lockBalance(world.db.single, account, currency)
const transactions = async () => {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ledger_transaction where kind = 'test' and key = ${String(nth)}`.execute(
    world.db.single,
  )
  return rows[0]!.count
}

describe('a transaction', () => {
  it('[LG1] that does not balance is refused at its commit, and leaves nothing', async () => {
    for (const entries of [
      [of('credit', 5)],
      [...against(of('credit', 5)), ofDriver('driver', 1)],
      [of('credit', 5), ofDriver('driver', 5)],
    ])
      await expect(booked(posting(entries))).rejects.toMatchObject({
        code: '23514',
        constraint: 'ledger_is_balanced',
      })
    expect(await transactions()).toBe(0)
    expect(await balanceOf({ kind: 'credit', owner: customer })).toBe(0)
  })

  it('[LG1] balances in each currency by itself: five rands are not five nairas', async () => {
    const inTwo = world.db.transaction(async (tx) => {
      await post(tx, posting(against(of('credit', 5))))
      await sql`
        insert into ledger_account (kind, owner, currency)
        values ('credit', ${customer}, 'NGN')`.execute(tx)
      await sql`
        insert into ledger_entry (transaction_id, account_id, amount_minor)
        select l.id, a.id, case a.currency when 'ZAR' then -7 else 7 end
        from ledger_transaction as l join ledger_account as a
          on (a.kind, a.owner, a.currency) in (('clearing', 'paystack', 'ZAR'), ('credit', ${customer}, 'NGN'))
        where l.kind = 'test' and l.key = ${String(nth)}`.execute(tx)
    })
    await expect(inTwo).rejects.toMatchObject({ code: '23514', constraint: 'ledger_is_balanced' })
    expect(await transactions()).toBe(0)
  })

  it('[LG1] is balanced when it ends, not after each of its entries', async () => {
    expect(await booked(posting(against(of('credit', 5))))).toBe(true)
    expect(await balanceOf({ kind: 'credit', owner: customer })).toBe(5)
  })

  it('[LG1] whatever is posted, each currency of the ledger sums up to nothing', async () => {
    for (const [index, currency] of CURRENCIES.entries())
      await booked(posting(against(of('credit', 10 + index)), { key: `${nth}:${currency}`, currency }))
    const { rows } = await sql<{ currency: string; sum: number }>`
      select a.currency, sum(e.amount_minor)::bigint as sum
      from ledger_entry as e join ledger_account as a on a.id = e.account_id group by a.currency`.execute(
      world.db.single,
    )
    expect(rows.map(({ sum }) => sum)).toEqual(CURRENCIES.map(() => 0))
  })

  it('[LG2] is never changed nor deleted, and neither are its entries', async () => {
    await booked(posting(against(of('credit', 5)), { memo: 'as it was' }))
    const attempts = [
      sql`update ledger_entry set amount_minor = amount_minor + 1`,
      sql`update ledger_entry set account_id = account_id`,
      sql`delete from ledger_entry`,
      sql`update ledger_transaction set memo = 'as it never was'`,
      sql`update ledger_transaction set kind = 'other'`,
      sql`delete from ledger_transaction`,
    ]
    for (const attempt of attempts)
      await expect(attempt.execute(world.db.single)).rejects.toMatchObject({ code: '23514' })
    const { rows } = await sql`
      select l.memo, e.amount_minor as amount from ledger_transaction as l join ledger_entry as e on e.transaction_id = l.id
      where l.key = ${String(nth)} order by e.amount_minor`.execute(world.db.single)
    expect(rows).toEqual([
      { memo: 'as it was', amount: -5 },
      { memo: 'as it was', amount: 5 },
    ])
  })
})

describe('the same event', () => {
  it('[LG3] is booked once, by twenty at once, and the others learn that it was', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => booked(posting(against(of('credit', 5))))),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
    expect(await transactions()).toBe(1)
    expect(await balanceOf({ kind: 'credit', owner: customer })).toBe(5)
  })

  it('[LG3] is booked by the next if the first one fails after all', async () => {
    const failed = world.db.transaction(async (tx) => {
      expect(await post(tx, posting(against(of('credit', 5))))).toBe(true)
      throw new Error('too bad')
    })
    const [first, second] = await Promise.allSettled([failed, booked(posting(against(of('credit', 5))))])
    expect(first.status).toBe('rejected')
    expect(second).toEqual({ status: 'fulfilled', value: true })
    expect(await balanceOf({ kind: 'credit', owner: customer })).toBe(5)
  })

  it('[LG3] with another amount is still the same event, another kind or key is another', async () => {
    expect(await booked(posting(against(of('credit', 5))))).toBe(true)
    expect(await booked(posting(against(of('credit', 6))))).toBe(false)
    expect(await booked(posting(against(of('credit', 6)), { kind: 'test-2' }))).toBe(true)
    expect(await booked(posting(against(of('credit', 7)), { key: `${nth}:2` }))).toBe(true)
    expect(await balanceOf({ kind: 'credit', owner: customer })).toBe(18)
  })

  it('[LG3] of nothing leaves no transaction, and can be booked later', async () => {
    expect(await booked(posting([of('credit', 5), of('credit', -5)]))).toBe(false)
    expect(await transactions()).toBe(0)
    expect(await booked(posting(against(of('credit', 5))))).toBe(true)
  })

  it('[LG3] a slip of the office counts once, also when two enter it at once', async () => {
    const slip = `slip-${nth}`
    const money = { amountMinor: 700, currency: 'ZAR' } as const
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => takeCommission(world.platform, driver, money, slip)),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
    expect(await balanceOf({ kind: 'driver', owner: driver })).toBe(700)
  })
})

describe('balances', () => {
  it.each(['credit', 'held'] as const)(
    "[LG4] a customer's %s money never goes below nothing",
    async (kind) => {
      await booked(posting(against(of(kind, 5))))
      await expect(booked(posting(against(of(kind, -6)), { key: `${nth}:2` }))).rejects.toMatchObject({
        code: '23514',
        constraint: 'ledger_never_negative',
      })
      expect(await balanceOf({ kind, owner: customer })).toBe(5)
      expect(await booked(posting(against(of(kind, -5)), { key: `${nth}:3` }))).toBe(true)
    },
  )

  it("[LG4] nor does a driver's withheld money, and nobody owes less than nothing", async () => {
    await expect(booked(posting(against(ofDriver('withheld', -1))))).rejects.toMatchObject({
      constraint: 'ledger_never_negative',
    })
    await expect(booked(posting(against(of('receivable', 1))))).rejects.toMatchObject({
      constraint: 'ledger_receivable',
    })
    expect(await booked(posting(against(of('receivable', -1))))).toBe(true)
  })

  it('[LG4] twenty who spend the same credit at once do so once', async () => {
    await booked(posting(against(of('credit', 5))))
    const spent = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        booked(posting(against(of('credit', -5)), { key: `${nth}:spend:${index}` })),
      ),
    )
    expect(spent.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await balanceOf({ kind: 'credit', owner: customer })).toBe(0)
  })

  it('[LG4] a payout never takes more than there is, commission on cash may', async () => {
    const payout = (amountMinor: number, key: string) =>
      booked(
        posting(
          [
            ofDriver('driver', -amountMinor),
            { account: { kind: 'payouts', owner: 'paystack' }, amountMinor },
          ],
          {
            kind: 'payout',
            key,
          },
        ),
      )
    await expect(payout(1, `${nth}:0`)).rejects.toMatchObject({ constraint: 'payout_within_balance' })
    await booked(posting(against(ofDriver('driver', 100))))
    await expect(payout(101, `${nth}:1`)).rejects.toMatchObject({
      code: '23514',
      constraint: 'payout_within_balance',
    })
    const both = await Promise.allSettled([payout(60, `${nth}:2`), payout(60, `${nth}:3`)])
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await balanceOf({ kind: 'driver', owner: driver })).toBe(40)
    await booked(posting(against(ofDriver('driver', -50)), { key: `${nth}:4` }))
    expect(await balanceOf({ kind: 'driver', owner: driver })).toBe(-10)
    // Back to what the gateway has under way: the audit looks at the end.
    await booked(
      posting(
        [ofDriver('driver', 60), { account: { kind: 'payouts', owner: 'paystack' }, amountMinor: -60 }],
        {
          key: `${nth}:5`,
        },
      ),
    )
  })

  it('[LG4] are kept as the entries say, read and locked, each currency by itself', async () => {
    await booked(posting(against(of('credit', 5))))
    await booked(posting(against(of('credit', 8)), { key: `${nth}:2`, currency: 'NGN' }))
    await booked(posting(against(of('held', 3)), { key: `${nth}:3` }))
    const credit = { kind: 'credit', owner: customer } as const
    expect(await world.db.transaction((tx) => lockBalance(tx, credit, 'ZAR'))).toBe(5)
    expect([await balanceOf(credit, 'NGN'), await balanceOf(credit, 'KES')]).toEqual([8, 0])
    expect(await findBalancesOf(world.db.single, customer)).toEqual([
      { kind: 'credit', currency: 'NGN', balanceMinor: 8 },
      { kind: 'credit', currency: 'ZAR', balanceMinor: 5 },
      { kind: 'held', currency: 'ZAR', balanceMinor: 3 },
    ])
  })
})
