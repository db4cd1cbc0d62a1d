import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createMoneyWorld, type MoneyWorld } from '../../../test/money.ts'
import { createCashStage, type CashTrip } from '../../../test/money-sim/cash-stage.ts'
import { cashCodeOf } from './cash-code.ts'
import { showPayment } from './show-payment.ts'

let world: MoneyWorld
beforeAll(async () => (world = await createMoneyWorld()))
afterAll(() => world.close())
afterEach(async () => expect(await world.audit()).toEqual([]))

const stage = createCashStage(() => world)
const codeOf = async (cash: CashTrip) =>
  showPayment(world.platform.tokens, await stage.find(cash), 'customer').cashCode!
/** Another code, `n` steps away from the right one. */
const wrong = (code: string, n = 1) => String((Number(code) + n) % 1_000_000).padStart(6, '0')

describe("the customer's code", () => {
  it('[CA4] is six digits that only the customer sees, of his payment alone, until he has said what he paid', async () => {
    const [cash, other] = [await stage.start(), await stage.start()]
    const code = await codeOf(cash)
    expect(code).toMatch(/^\d{6}$/)
    expect(await codeOf(cash)).toBe(code)
    expect(await codeOf(other)).not.toBe(code)
    const payment = await stage.find(cash)
    expect(showPayment(world.platform.tokens, payment, 'driver').cashCode).toBeNull()
    await stage.confirm(cash, cash.dueMinor)
    expect(await codeOf(cash)).toBeNull()
  })

  it('[CA4] makes the statement of all that was due count for both', async () => {
    const cash = await stage.start()
    expect(await stage.state(cash, { code: await codeOf(cash) })).toEqual({ isChanged: true })
    expect(await stage.find(cash)).toMatchObject({
      ...{ status: 'success', receivedMinor: cash.dueMinor, confirmedMinor: cash.dueMinor, isStated: true },
    })
    expect(await stage.cases(cash)).toEqual([])
    await expect(stage.confirm(cash, cash.dueMinor - 1)).rejects.toMatchObject({
      code: 'cash-already-stated',
    })
  })

  it('[CA4] counts for both also after he drove on, and with more than was due', async () => {
    const [cash, more] = [await stage.start('loaded'), await stage.start('completed')]
    await stage.state(cash, { code: await codeOf(cash) })
    expect(await stage.find(cash)).toMatchObject({ confirmedMinor: cash.dueMinor, isStated: true })
    const receivedMinor = more.dueMinor + 70
    await stage.state(more, { receivedMinor, code: await codeOf(more) })
    expect(await stage.find(more)).toMatchObject({ receivedMinor, confirmedMinor: receivedMinor })
    expect(await stage.balances(more)).toMatchObject({ credit: 70, owed: 0 })
  })

  it('[CA4] with less than was due speaks for nobody: the customer can still say what he paid', async () => {
    const cash = await stage.start()
    await stage.state(cash, { receivedMinor: cash.dueMinor - 100, code: await codeOf(cash) })
    expect(await stage.find(cash)).toMatchObject({
      ...{ receivedMinor: cash.dueMinor - 100, confirmedMinor: null },
    })
    expect(await stage.cases(cash)).toMatchObject([{ kind: 'cash-short' }])
    await stage.confirm(cash, cash.dueMinor)
    expect(await stage.cases(cash)).toMatchObject([
      {
        kind: 'cash-disputed',
        details: { driverSaysMinor: cash.dueMinor - 100, customerSaysMinor: cash.dueMinor },
      },
    ])
  })

  it('[CA4] that is wrong states nothing, and after five of them not even the right one is taken', async () => {
    const cash = await stage.start()
    const code = await codeOf(cash)
    for (let n = 1; n <= 5; n++)
      await expect(stage.state(cash, { code: wrong(code, n) })).rejects.toMatchObject({ code: 'wrong-code' })
    await expect(stage.state(cash, { code })).rejects.toMatchObject({ code: 'wrong-code' })
    expect(await stage.find(cash)).toMatchObject({
      status: 'pending',
      receivedMinor: null,
      confirmedMinor: null,
    })
    // He can say it without, and the customer too.
    await stage.state(cash)
    await stage.confirm(cash, cash.dueMinor)
    expect(await stage.cases(cash)).toEqual([])
  })

  it('[CA4] is taken at the fifth try', async () => {
    const cash = await stage.start()
    const code = await codeOf(cash)
    for (let n = 1; n <= 4; n++)
      await expect(stage.state(cash, { code: wrong(code, n) })).rejects.toMatchObject({ code: 'wrong-code' })
    await stage.state(cash, { code })
    expect(await stage.find(cash)).toMatchObject({ confirmedMinor: cash.dueMinor })
  })

  it('[CA4] has five tries also when fifty are made at once', async () => {
    const cash = await stage.start()
    const code = await codeOf(cash)
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => stage.state(cash, { code: wrong(code, n + 1) })),
    )
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'wrong-code' } })
    const { code_tries_left: left } = await world.db.single
      .selectFrom('payment')
      .select('code_tries_left')
      .where('trip_id', '=', cash.trip.id)
      .executeTakeFirstOrThrow()
    expect(left).toBe(0)
    expect(await stage.find(cash)).toMatchObject({ status: 'pending' })
  })

  it("[CA4] of another trip is wrong, and so is another driver's use of it", async () => {
    const [cash, other] = [await stage.start(), await stage.start()]
    await expect(stage.state(cash, { code: await codeOf(other) })).rejects.toMatchObject({
      code: 'wrong-code',
    })
    await expect(
      stage.state({ ...cash, driver: other.driver }, { code: await codeOf(cash) }),
    ).rejects.toMatchObject({ code: 'not-found' })
    expect(cashCodeOf(world.platform.tokens, (await stage.find(cash)).id)).toBe(await codeOf(cash))
  })

  it('[CA4] is not asked for any more once the customer has said it himself', async () => {
    const cash = await stage.start()
    const code = await codeOf(cash)
    await stage.confirm(cash, cash.dueMinor - 5)
    await stage.state(cash, { code: wrong(code) })
    expect(await stage.cases(cash)).toMatchObject([
      { kind: 'cash-disputed', details: { customerSaysMinor: cash.dueMinor - 5 } },
    ])
  })
})
