import fc from 'fast-check'
import { sql } from 'kysely'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import type { PaymentMethod } from '@toota/contract'
import { Refusal, type DriverId } from '../../kernel/index.ts'
import { createGateways } from '../../platform/gateways/create-gateways.ts'
import { createMoneyWorld, referenceOf, type MoneyWorld } from '../../../test/money.ts'
import { advancePayoutByReference } from './advance-payout.ts'
import { listPayouts } from './list-payouts.ts'
import type { Payout } from './model/payout.ts'
import { requestPayout } from './request-payout.ts'
import { savePayoutAccount } from './save-payout-account.ts'
import { sendPayouts } from './send-payouts.ts'

const ACCOUNT = { kind: 'bank', name: 'D Nkosi', accountNumber: '0123456789', bankCode: '632005' } as const
const SEED = Number(process.env['SEED'] ?? 20_261)
const RUNS = Number(process.env['RUNS'] ?? 10)

/** What becomes of the next transfer. */
const SCRIPTS = ['success', 'transfer-failed', 'transfer-reversed', 'transfer-otp'] as const

/** What may happen; `who` is one of two drivers. */
const happening = fc.oneof(
  fc.record({
    it: fc.constant('trip' as const),
    who: fc.nat(1),
    method: fc.constantFrom('cash' as const, 'card' as const),
  }),
  fc.record({
    it: fc.constant('ask' as const),
    who: fc.nat(1),
    percent: fc.integer({ min: 5, max: 130 }),
    times: fc.integer({ min: 1, max: 3 }),
    script: fc.constantFrom(...SCRIPTS),
  }),
  fc.record({
    it: fc.constant('fault' as const),
    call: fc.constantFrom('paystack.transfer', 'paystack.verify-transfer', 'paystack.recipient'),
    fault: fc.constantFrom(
      ...(['reset-before', 'reset-after', '500', 'truncated', 'html', 'status-false'] as const),
    ),
  }),
  fc.record({ it: fc.constant('sweep' as const), times: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ it: fc.constant('hear' as const), times: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ it: fc.constant('time' as const), seconds: fc.constantFrom(1, 10, 3_700) }),
)
/** Up to three at once. */
const moments = fc.array(fc.array(happening, { minLength: 1, maxLength: 3 }), { minLength: 4, maxLength: 20 })
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

/** Two drivers with some money, and everything that can become of it. */
async function createScene(world: MoneyWorld) {
  const customer = await world.addCustomer()
  const drivers = [await world.addDriver(), await world.addDriver()] as const
  const { platform } = world
  const log = pino({ level: 'silent' })
  const config = { paystack: undefined, flutterwave: undefined, yoco: undefined, usesTestGateway: true }
  /** With clients of its own: one that has met three faults in a row rests, and sees no more of them. */
  const rested = () => ({
    ...platform,
    gateways: createGateways({ ...config, zaGateway: 'paystack' }, log, { testUrl: world.fake.url }),
  })

  /** A trip at a time: a driver drives one. */
  let driving: Promise<void> = Promise.resolve()
  async function drive(driver: DriverId, method: PaymentMethod): Promise<void> {
    const trip = await world.newTrip(customer)
    const payment = await world.choose(trip, method)
    if (method !== 'cash') {
      world.gateways.pay({ gateway: 'paystack', reference: referenceOf(payment), action: 'pay' })
      await world.settle(payment)
    }
    await world.drive(trip, driver)
  }

  const payoutsOf = async (driver: DriverId): Promise<readonly Payout[]> =>
    (await listPayouts(platform, driver, { limit: 100 })).payouts
  const makeDue = () =>
    sql`update payout set due_at = clock_timestamp() where due_at is not null and busy_until is null`.execute(
      world.db.single,
    )

  async function ask(driver: DriverId, percent: number, times: number): Promise<void> {
    const balance = await world.balance('driver', driver)
    const amountMinor = Math.max(1_000, Math.round((balance * percent) / 100))
    const asked = Array.from({ length: times }, () =>
      requestPayout(platform, driver, { amountMinor, currency: 'ZAR' }).catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error
      }),
    )
    await Promise.all(asked)
  }

  async function hear(times: number): Promise<void> {
    const references = (await Promise.all(drivers.map(payoutsOf))).flat().map(({ reference }) => reference)
    const heard = references.flatMap((reference) =>
      Array.from({ length: times }, () =>
        advancePayoutByReference(rested(), reference).catch((error: unknown) => {
          if (!(error instanceof Refusal)) throw error
        }),
      ),
    )
    await Promise.all(heard)
  }

  async function happen(what: Happening): Promise<void> {
    switch (what.it) {
      case 'trip':
        driving = driving.then(() => drive(drivers[what.who]!, what.method))
        return driving
      case 'ask':
        world.gateways.setScript({ script: what.script, times: 1, gateway: 'paystack' })
        return ask(drivers[what.who]!, what.percent, what.times)
      case 'fault':
        world.gateways.faultCalls(what)
        return
      case 'sweep':
        await makeDue()
        await Promise.all(Array.from({ length: what.times }, () => sendPayouts(rested())))
        return
      case 'hear':
        return hear(what.times)
      case 'time':
        return world.gateways.advance(what.seconds)
    }
  }

  for (const driver of drivers) {
    await savePayoutAccount(platform, driver, ACCOUNT)
    await drive(driver, 'card')
  }
  return {
    drivers,
    payoutsOf,
    happen,
    /** Until nothing is under way but what waits for a person. */
    async finish(): Promise<void> {
      for (let n = 0; n < 8; n++) {
        await makeDue()
        await sendPayouts(rested())
        await world.gateways.advance(3_700)
        await hear(1)
      }
    },
    /** By the settlements and the cash alone, without the ledger. */
    async earned(driver: DriverId): Promise<number> {
      const { rows } = await sql<{ minor: number }>`
        select coalesce(sum(s.earning_minor - coalesce(p.received_minor, 0)), 0)::bigint as minor
        from settlement as s join payment as p on p.trip_id = s.trip_id and p.status = 'success'
        where s.driver_id = ${driver}`.execute(world.db.single)
      return rows[0]!.minor
    },
  }
}

const EXPECTED_AT_GATEWAY = {
  paid: ['success'],
  failed: [],
  reversed: ['reversed'],
  sent: ['otp'],
  created: [],
}

describe('payouts among everything else', () => {
  it(
    `[PY13] the books balance and nothing is paid out twice, whatever happens in whatever order, seed ${SEED}`,
    { timeout: 30_000 + RUNS * 20_000 },
    async () => {
      const seen = new Set<string>()
      await fc.assert(
        fc.asyncProperty(moments, async (story) => {
          const world = await createMoneyWorld()
          try {
            const scene = await createScene(world)
            for (const atOnce of story) {
              await Promise.all(atOnce.map((each) => scene.happen(each)))
              expect(await world.audit()).toEqual([])
            }
            await scene.finish()

            for (const driver of scene.drivers) {
              let outMinor = 0
              for (const payout of await scene.payoutsOf(driver)) {
                seen.add(payout.state)
                const { transfers } = world.gateways.effectsOf(payout.reference)
                expect(transfers.map(({ status }) => status)).toEqual(EXPECTED_AT_GATEWAY[payout.state])
                for (const { amountMinor, status } of transfers)
                  if (status !== 'reversed') outMinor += amountMinor
              }
              const balance = await world.balance('driver', driver)
              expect(balance + outMinor).toBe(await scene.earned(driver))
            }
            const { rows } = await sql<{ sum: number }>`
              select sum(amount_minor)::bigint as sum from ledger_entry`.execute(world.db.single)
            expect(rows[0]?.sum).toBe(0)
            expect(await world.audit()).toEqual([])
            expect(world.faults).toEqual([])
          } finally {
            await world.close()
          }
        }),
        { seed: SEED, numRuns: RUNS, endOnFailure: true },
      )
      // Too few runs see too little.
      if (RUNS >= 10) expect([...seen].sort()).toEqual(['failed', 'paid', 'reversed', 'sent'])
    },
  )
})
