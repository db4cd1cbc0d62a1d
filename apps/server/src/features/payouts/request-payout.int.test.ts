import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DriverId } from '../../kernel/index.ts'
import { createMoneyWorld, type MoneyWorld } from '../../../test/money.ts'
import { post } from '../ledger/index.ts'
import { listPayouts } from './list-payouts.ts'
import { requestPayout } from './request-payout.ts'
import { savePayoutAccount } from './save-payout-account.ts'
import { sendPayouts } from './send-payouts.ts'
import { viewPayoutAccount } from './view-payout-account.ts'

const ACCOUNT = { kind: 'bank', name: 'D Nkosi', accountNumber: '0123456789', bankCode: '632005' } as const
const zar = (amountMinor: number) => ({ amountMinor, currency: 'ZAR' }) as const

let world: MoneyWorld
beforeAll(async () => {
  world = await createMoneyWorld({ settings: { minPayoutMinor: { ZA: 1_000, NG: 5_000, KE: 1, GH: 1 } } })
})
afterAll(() => world.close())

async function addEarner(amountMinor: number, currency: 'ZAR' | 'NGN' = 'ZAR'): Promise<DriverId> {
  const driverId = await world.addDriver()
  await savePayoutAccount(world.platform, driverId, ACCOUNT)
  await earn(driverId, amountMinor, currency)
  return driverId
}

const earn = (driverId: DriverId, amountMinor: number, currency: 'ZAR' | 'NGN' = 'ZAR') =>
  world.db.transaction((tx) =>
    post(tx, {
      kind: 'test-earning',
      key: randomUUID(),
      currency,
      entries: [
        { account: { kind: 'driver', owner: driverId }, amountMinor },
        { account: { kind: 'opening', owner: currency === 'ZAR' ? 'ZA' : 'NG' }, amountMinor: -amountMinor },
      ],
    }),
  )

const payoutsOf = async (driverId: DriverId) =>
  (await listPayouts(world.platform, driverId, { limit: 100 })).payouts

describe('asking for a payout', () => {
  it('[PY1] [PY11] it has its reference and is off the balance while no gateway has heard of it', async () => {
    const driver = await addEarner(50_000)
    const payout = await requestPayout(world.platform, driver, zar(20_000))
    expect(payout).toMatchObject({
      state: 'created',
      reference: `payout-${payout.id}`,
      gateway: 'paystack',
      amount: zar(20_000),
      wasSent: false,
    })
    expect(await world.balance('driver', driver)).toBe(30_000)
    expect(world.gateways.effects().paystack.calls).toEqual({})
    expect(await world.audit()).toEqual([])
    expect(await world.platform.news.since(driver, 0, 10)).toMatchObject([
      { kind: 'payout.changed', data: { payoutId: payout.id, state: 'created' } },
    ])
  })

  it('[PY2] the minimum is that of the market, and the balance that of the currency', async () => {
    const driver = await addEarner(50_000)
    await earn(driver, 4_000, 'NGN')
    const ask = (amountMinor: number, currency: 'ZAR' | 'NGN' | 'KES') =>
      requestPayout(world.platform, driver, { amountMinor, currency })
    await expect(ask(999, 'ZAR')).rejects.toMatchObject({
      code: 'payout-too-small',
      details: { minimumMinor: 1_000 },
    })
    await expect(ask(50_001, 'ZAR')).rejects.toMatchObject({
      code: 'balance-too-low',
      details: { balanceMinor: 50_000 },
    })
    await expect(ask(4_000, 'NGN')).rejects.toMatchObject({ code: 'payout-too-small' })
    await expect(ask(5_000, 'NGN')).rejects.toMatchObject({ code: 'balance-too-low' })
    await expect(ask(1, 'KES')).rejects.toMatchObject({ code: 'balance-too-low' })
    expect(await payoutsOf(driver)).toEqual([])
    expect(await ask(50_000, 'ZAR')).toMatchObject({ state: 'created' })
    expect(await world.balance('driver', driver)).toBe(0)
  })

  it('[PY2] without an account, with another one under way, or with a debt nothing is paid out', async () => {
    const stranger = await world.addDriver()
    const ask = (driver: DriverId) => requestPayout(world.platform, driver, zar(1_000))
    await earn(stranger, 10_000)
    await expect(ask(stranger)).rejects.toMatchObject({ code: 'payout-account-missing' })
    const busy = await addEarner(10_000)
    await ask(busy)
    await expect(ask(busy)).rejects.toMatchObject({ code: 'payout-under-way' })
    const debtor = await addEarner(-10_000)
    await expect(ask(debtor)).rejects.toMatchObject({ code: 'balance-too-low' })
    await expect(
      requestPayout(
        { ...world.platform, gateways: { ...world.platform.gateways, forPayouts: () => undefined } },
        busy,
        zar(1_000),
      ),
    ).rejects.toMatchObject({ code: 'payout-unavailable' })
  })

  it('[PY2] of twenty at once one is taken', async () => {
    const driver = await addEarner(10_000)
    const asked = await Promise.allSettled(
      Array.from({ length: 20 }, () => requestPayout(world.platform, driver, zar(6_000))),
    )
    const refused = asked.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
    expect(refused).toHaveLength(19)
    for (const reason of refused) expect(reason).toMatchObject({ code: 'payout-under-way' })
    expect(await world.balance('driver', driver)).toBe(4_000)
    expect(await payoutsOf(driver)).toHaveLength(1)
    expect(await world.audit()).toEqual([])
  })

  it('[PY2] two at once cannot take the same money, be it that each is the only one under way', async () => {
    // Each in a currency of its own, so that neither the index of open payouts nor its check is what stops them.
    const driver = await addEarner(10_000)
    await earn(driver, 10_000, 'NGN')
    const asked = await Promise.allSettled([
      requestPayout(world.platform, driver, zar(10_000)),
      requestPayout(world.platform, driver, { amountMinor: 10_000, currency: 'NGN' }),
    ])
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(asked.find((each) => each.status === 'rejected')?.reason).toMatchObject({
      code: 'payout-under-way',
    })
  })

  it('[PY2] the database itself refuses a payout of more than there is, and a second one under way', async () => {
    const driver = await addEarner(10_000)
    const book = (amountMinor: number) =>
      world.db.transaction((tx) =>
        post(tx, {
          kind: 'payout',
          key: randomUUID(),
          currency: 'ZAR',
          entries: [
            { account: { kind: 'driver', owner: driver }, amountMinor: -amountMinor },
            { account: { kind: 'opening', owner: 'ZA' }, amountMinor },
          ],
        }),
      )
    await expect(book(10_001)).rejects.toMatchObject({ constraint: 'payout_within_balance' })
    await requestPayout(world.platform, driver, zar(1_000))
    await expect(
      sql`insert into payout (id, driver_id, gateway, reference, amount_minor, currency, kind, name, account_number, bank_code)
          select gen_random_uuid(), driver_id, gateway, 'payout-second-of-him', 1, currency, kind, name, account_number, bank_code
          from payout where driver_id = ${driver}`.execute(world.db.single),
    ).rejects.toMatchObject({ constraint: 'payout_one_open' })
  })
})

describe('the account', () => {
  it('[PY4] is shown with the last digits of its number, to its driver only', async () => {
    const driver = await world.addDriver()
    expect(await viewPayoutAccount(world.platform, driver)).toBeUndefined()
    const saved = await savePayoutAccount(world.platform, driver, ACCOUNT)
    expect(saved).toEqual({ ...ACCOUNT, accountNumber: '6789', changedAt: expect.any(Date) as Date })
    expect(await viewPayoutAccount(world.platform, driver)).toEqual(saved)
    expect(await viewPayoutAccount(world.platform, await world.addDriver())).toBeUndefined()
  })

  it('[PY4] who has not applied has none', async () => {
    const applicant = await world.addApplicant()
    await expect(savePayoutAccount(world.platform, applicant, ACCOUNT)).rejects.toMatchObject({
      code: 'application-missing',
    })
  })

  it('[PY4] a payout goes where it was going when another account is saved meanwhile', async () => {
    const driver = await addEarner(10_000)
    const payout = await requestPayout(world.platform, driver, zar(10_000))
    await savePayoutAccount(world.platform, driver, { ...ACCOUNT, accountNumber: '9999999999' })
    await sendPayouts(world.platform)
    await world.gateways.advance(10)
    const [webhook] = world.gateways.webhooksOf(payout.reference)
    expect(webhook?.body).toContain('0123456789')
    expect(webhook?.body).not.toContain('9999999999')
  })
})
