import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMoneyWorld, type MoneyWorld } from '../money.ts'
import { runHistory } from './interleavings.ts'

const ROUNDS = Number(process.env['INTERLEAVINGS'] ?? 10)
const SEED = Number(process.env['INTERLEAVINGS_SEED'] ?? Date.now() % 1_000_000)
const GROUPS = 80
/** About the commission on two trips. */
const LIMIT = 10_000

let world: MoneyWorld
beforeAll(async () => {
  const cashFloatLimitMinor = { ZA: LIMIT, NG: LIMIT, KE: LIMIT, GH: LIMIT }
  world = await createMoneyWorld({ settings: { cashFloatLimitMinor, offerTimeoutSeconds: 600 } })
})
afterAll(() => world.close())

it(
  '[LG1] [LG4] [LG6] [PA6] [PA11] [PA12] [PA14] [CA2] [CA5] [CA6] [RF2] nothing is lost or made, whatever comes in between',
  async () => {
    const tally = new Map<string, number>()
    for (let round = 0; round < ROUNDS; round++) {
      const seed = SEED + round
      expect(
        await runHistory(world, { seed, groups: GROUPS, tally }),
        `INTERLEAVINGS=1 INTERLEAVINGS_SEED=${seed}`,
      ).toEqual([])
    }
    expect(world.faults).toEqual([])
    const ends = await world.db.single
      .selectFrom('trip')
      .select(({ fn }) => ['status', fn.countAll<number>().as('trips')])
      .groupBy('status')
      .execute()
    const told = [...tally, ...ends.map(({ status, trips }) => [status, trips] as const)]
    console.log(
      `${ROUNDS} histories (INTERLEAVINGS_SEED=${SEED}): ${told.map(([what, count]) => `${what} ${count}`).join(', ')}`,
    )
    // Where nobody gets anywhere nothing is proven.
    expect(ends.find(({ status }) => status === 'completed')?.trips).toBeGreaterThanOrEqual(ROUNDS)
    for (const deed of ['choose', 'settle', 'accept', 'advance', 'state'])
      expect(tally.get(deed), deed).toBeGreaterThanOrEqual(ROUNDS)
  },
  Math.max(60_000, ROUNDS * 10_000),
)
