import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DriverId } from '../../kernel/index.ts'
import { createMoneyWorld, type MoneyWorld } from '../../../test/money.ts'
import type { CallFault } from '../../../test/gateways/faults.ts'
import type { Gateways, Transfers } from '../../platform/gateways/gateway.ts'
import { post } from '../ledger/index.ts'
import { advancePayoutByReference, type World } from './advance-payout.ts'
import { listPayouts } from './list-payouts.ts'
import type { Payout } from './model/payout.ts'
import { requestPayout } from './request-payout.ts'
import { savePayoutAccount } from './save-payout-account.ts'
import { sendPayouts } from './send-payouts.ts'

const ACCOUNT = { kind: 'bank', name: 'D Nkosi', accountNumber: '0123456789', bankCode: '632005' } as const

let world: MoneyWorld
let driver: DriverId
let payout: Payout
beforeAll(async () => {
  world = await createMoneyWorld()
})
afterAll(() => world.close())

/** A driver who had 10,000 and has asked for 8,000 of it. */
async function askFor(market: 'ZA' | 'NG' = 'ZA'): Promise<void> {
  const currency = market === 'ZA' ? 'ZAR' : 'NGN'
  driver = await world.addDriver()
  await savePayoutAccount(world.platform, driver, ACCOUNT)
  const entries = [
    { account: { kind: 'driver', owner: driver }, amountMinor: 10_000 },
    { account: { kind: 'opening', owner: market }, amountMinor: -10_000 },
  ] as const
  const earning = { kind: 'test-earning', key: randomUUID(), currency, entries } as const
  await world.db.transaction((tx) => post(tx, earning))
  payout = await requestPayout(world.platform, driver, { amountMinor: 8_000, currency })
}

/** Everything open is due, and whoever had it is dead. */
const makeDue = () =>
  sql`update payout set due_at = clock_timestamp(), busy_until = null where state in ('created', 'sent')`.execute(
    world.db.single,
  )

async function sweep(times = 1, platform: World = world.platform): Promise<void> {
  for (let n = 0; n < times; n++) {
    await makeDue()
    await sendPayouts(platform)
    await world.gateways.advance(10)
  }
}

const now = async (): Promise<Payout> => (await listPayouts(world.platform, driver, { limit: 1 })).payouts[0]!
const balance = () => world.balance('driver', driver, payout.amount.currency)
const told = async () =>
  (await world.platform.news.since(driver, 0, 100)).map(({ data }) => (data as { state: string }).state)
const transfers = () => world.gateways.effectsOf(payout.reference).transfers
const bookings = async () =>
  (
    await world.db.single
      .selectFrom('ledger_transaction')
      .select('kind')
      .where('key', '=', payout.id)
      .orderBy('id')
      .execute()
  ).map(({ kind }) => kind)

describe.each(['ZA', 'NG'] as const)('a payout in %s', (market) => {
  const [gateway, call, question] =
    market === 'ZA'
      ? (['paystack', 'paystack.transfer', 'paystack.verify-transfer'] as const)
      : (['flutterwave', 'flutterwave.transfer', 'flutterwave.list-transfers'] as const)
  beforeEach(() => askFor(market))

  it('[PY5] [PY11] is sent once, asked about and paid', async () => {
    await sweep()
    expect(await now()).toMatchObject({ state: 'sent', gateway, gatewayId: expect.any(String) as string })
    await sweep(3)
    expect(await now()).toMatchObject({ state: 'paid', failure: null })
    expect(transfers()).toHaveLength(1)
    expect(transfers()).toMatchObject([{ amountMinor: 8_000, status: 'success' }])
    expect(await bookings()).toEqual(['payout', 'payout-done'])
    expect(await balance()).toBe(2_000)
    expect(await told()).toEqual(['created', 'sent', 'paid'])
    expect(await world.audit()).toEqual([])
  })

  it.each<CallFault>(['reset-before', 'reset-after', '500', 'stall', 'truncated', 'html', 'status-false'])(
    '[PY6] with %s for an answer it is neither given back nor paid twice',
    async (fault) => {
      world.gateways.faultCalls({ call, fault, stallMs: 50 })
      await sweep()
      expect(await now()).toMatchObject({ state: 'sent', gatewayId: null })
      expect(await balance()).toBe(2_000)
      await sweep(3)
      expect(await now()).toMatchObject({ state: 'paid' })
      expect(transfers()).toHaveLength(1)
      expect(await balance()).toBe(2_000)
      expect(await world.audit()).toEqual([])
    },
  )

  it('[PY6] when the question is not answered either nothing is sent again', async () => {
    world.gateways.faultCalls({ call, fault: 'reset-before' })
    world.gateways.faultCalls({ call: question, fault: '500' })
    const before = world.gateways.effects()[gateway].calls[call.split('.')[1]!] ?? 0
    await sweep(2)
    expect(world.gateways.effects()[gateway].calls[call.split('.')[1]!]).toBe(before + 1)
    expect(await balance()).toBe(2_000)
    await sweep(2)
    expect(transfers()).toHaveLength(1)
    expect(await now()).toMatchObject({ state: 'paid' })
  })

  it('[PY7] what fails is back on the balance once, however often and from how many it is heard', async () => {
    world.gateways.setScript({ script: 'transfer-failed', reference: payout.reference })
    await sweep()
    await hearTwelveTimes()
    expect(await now()).toMatchObject({ state: 'failed', failure: expect.any(String) as string })
    expect(await balance()).toBe(10_000)
    expect(await bookings()).toEqual(['payout', 'payout-failed'])
    expect(await told()).toEqual(['created', 'sent', 'failed'])
    expect(await world.audit()).toEqual([])
    // And he may ask again.
    expect(await requestPayout(world.platform, driver, payout.amount)).toMatchObject({ state: 'created' })
  })

  it('[PY8] what comes back after it was paid is back on the balance once', async () => {
    world.gateways.setScript({ script: 'transfer-reversed', reference: payout.reference })
    await sweep(2)
    expect(await now()).toMatchObject({ state: 'paid' })
    await world.gateways.advance(3_700)
    await hearTwelveTimes()
    expect(await now()).toMatchObject({ state: 'reversed' })
    expect(await balance()).toBe(10_000)
    expect(await bookings()).toEqual(['payout', 'payout-done', 'payout-reversed'])
    expect(await told()).toEqual(['created', 'sent', 'paid', 'reversed'])
    expect(await world.audit()).toEqual([])
  })

  it('[PY8] what came back before anybody asked whether it was paid is back as well', async () => {
    world.gateways.setScript({ script: 'transfer-reversed', reference: payout.reference })
    await sweep()
    await world.gateways.advance(3_700)
    await sweep()
    // Flutterwave has no word for it, and says failed.
    const [state, ...ends] =
      market === 'ZA'
        ? (['reversed', 'payout-done', 'payout-reversed'] as const)
        : (['failed', 'payout-failed'] as const)
    expect(await now()).toMatchObject({ state })
    expect(await balance()).toBe(10_000)
    expect(await bookings()).toEqual(['payout', ...ends])
    expect(await world.audit()).toEqual([])
  })

  it('[PY5] a second transfer under its reference, sent by whoever, is found and not taken for a failure', async () => {
    world.gateways.faultCalls({ call, fault: 'reset-after' })
    await sweep()
    // As if nobody remembered that it was sent: what the gateway says to that must not give the money back.
    await sql`update payout set sent_at = null where id = ${payout.id}`.execute(world.db.single)
    await sweep(3)
    expect(await now()).toMatchObject({ state: 'paid' })
    expect(transfers()).toHaveLength(1)
    expect(await bookings()).toEqual(['payout', 'payout-done'])
  })

  /** Three at a time, four times over; who finds it busy tries again later, as the sweep of events does. */
  async function hearTwelveTimes(): Promise<void> {
    for (let n = 0; n < 4; n++)
      await Promise.all(
        [1, 2, 3].map(() =>
          advancePayoutByReference(world.platform, payout.reference).catch((error: unknown) =>
            expect(error).toMatchObject({ code: 'gateway-unavailable' }),
          ),
        ),
      )
  }
})

describe('a process that stops', () => {
  /** The platform of a process that dies at its `step`-th step; a step is a transaction or call, and its end. */
  function dyingAt(step: number): { readonly platform: World; readonly hasDied: () => boolean } {
    let steps = 0
    const pass = (): void => {
      if (steps++ >= step) throw new Error('killed')
    }
    const through = async <T>(work: () => Promise<T>): Promise<T> => {
      pass()
      const result = await work()
      pass()
      return result
    }
    const { platform, db } = world
    const dying = (real: Transfers): Transfers => ({
      send: (order) => through(() => real.send(order)),
      check: (query) => through(() => real.check(query)),
    })
    const gateways: Gateways = {
      ...platform.gateways,
      named: (name) => {
        const real = platform.gateways.named(name)
        return real && { ...real, ...(real.transfers && { transfers: dying(real.transfers) }) }
      },
    }
    return {
      platform: {
        ...platform,
        gateways,
        db: { ...db, transaction: (work) => through(() => db.transaction(work)) },
      },
      hasDied: () => steps > step,
    }
  }

  it.each([
    ['sends it', 0],
    ['asks about it', 1],
  ])('[PY6] dies anywhere while it %s', async (_what, sweepsBefore) => {
    let deaths = 0
    for (let step = 0; ; step++) {
      await askFor(step % 2 ? 'NG' : 'ZA')
      await sweep(sweepsBefore)
      const { platform, hasDied } = dyingAt(step)
      await sweep(1, platform)
      if (hasDied()) deaths++
      await sweep(3)
      expect(await now()).toMatchObject({ state: 'paid' })
      expect(transfers()).toHaveLength(1)
      expect(await balance()).toBe(2_000)
      if (!hasDied()) break
    }
    expect(deaths).toBeGreaterThanOrEqual(4)
    expect(await world.audit()).toEqual([])
  })

  it('[PY6] sleeps past its lease while it sends, and another one takes over', async () => {
    await askFor()
    world.gateways.hold({ call: 'paystack.transfer', when: 'before' })
    const sleeper = sendPayouts(world.platform)
    await expect.poll(() => world.gateways.held()).toHaveLength(1)
    await sweep()
    expect(await now()).toMatchObject({ state: 'sent' })
    world.gateways.release()
    await sleeper
    await sweep(2)
    expect(await now()).toMatchObject({ state: 'paid' })
    expect(transfers()).toHaveLength(1)
    expect(await bookings()).toEqual(['payout', 'payout-done'])
  })

  it.each([
    ['sent it', 'success', 1, 'sent', 2_000],
    ['given the money back', 'transfer-failed', 2, 'failed', 10_000],
  ] as const)(
    '[PY6] [PY7] wakes up after another one has %s, and does not send it',
    async (_what, script, sweeps, state, balanceMinor) => {
      await askFor()
      world.gateways.faultCalls({ call: 'paystack.transfer', fault: 'reset-before' })
      await sweep()
      world.gateways.hold({ call: 'paystack.verify-transfer', when: 'after' })
      await makeDue()
      const sleeper = sendPayouts(world.platform)
      await expect.poll(() => world.gateways.held()).toHaveLength(1)
      // It has been told that there is no transfer. Meanwhile the other one sends it.
      world.gateways.setScript({ script, reference: payout.reference })
      await sweep(sweeps)
      const sent = world.gateways.effects().paystack.calls['transfer']
      world.gateways.release()
      await sleeper
      expect(world.gateways.effects().paystack.calls['transfer']).toBe(sent)
      expect(await now()).toMatchObject({ state })
      expect(await balance()).toBe(balanceMinor)
    },
  )
})
