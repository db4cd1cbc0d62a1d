import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMoneyWorld, type MoneyWorld } from '../money.ts'
import { anyCommands, newModel, refusals, steps } from './model-run.ts'

const RUNS = Number(process.env['MONEY_RUNS'] ?? 25)
const SEED = Number(process.env['MONEY_SEED'] ?? Date.now() % 1_000_000)
const TIMEOUT_MS = Math.max(80_000, RUNS * 4_000)
/** About the commission on two trips. */
const LIMIT = 10_000

let world: MoneyWorld
beforeAll(async () => {
  const cashFloatLimitMinor = { ZA: LIMIT, NG: LIMIT, KE: LIMIT, GH: LIMIT }
  world = await createMoneyWorld({ settings: { cashFloatLimitMinor, offerTimeoutSeconds: 600 } })
})
afterAll(() => world.close())

it(
  '[LG4] [LG6] [PA4] [PA6] [PA11] [PA12] [CA1] [CA2] [CA3] [CA4] [CA5] [CA6] [RF2] [RF4] money is where the rules say, after every step of any history',
  async () => {
    await fc.assert(
      fc.asyncProperty(anyCommands(300), async (commands) => {
        const model = await newModel(world)
        await fc.asyncModelRun(() => ({ model, real: world }), commands)
        expect(await world.audit()).toEqual([])
      }),
      {
        ...{ numRuns: RUNS, seed: SEED, unbiased: true },
        // What fails is made smaller as long as there is time; then it is told as it is.
        interruptAfterTimeLimit: TIMEOUT_MS - 20_000,
      },
    )
    const met = [...steps, ...refusals].map(([name, count]) => `${name} ${count}`).join(', ')
    console.log(`${RUNS} histories (MONEY_SEED=${SEED}): ${met}`)
  },
  TIMEOUT_MS,
)
