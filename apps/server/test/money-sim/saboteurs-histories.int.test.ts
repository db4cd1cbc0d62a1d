import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runHistory } from './interleavings.ts'
import { anyCommands, newModel } from './model-run.ts'
import { inMoneyWorld, MONEY_SABOTAGES, type MoneySabotage } from './sabotage.ts'

/* The histories with something broken: what does not find it out proves nothing. Whole, the same seeds are sound. */

const cashFloatLimitMinor = { ZA: 10_000, NG: 10_000, KE: 10_000, GH: 10_000 }
const SETTINGS = { cashFloatLimitMinor, offerTimeoutSeconds: 600 }

/** What the model says of the first history that it cannot explain; undefined when it explains all. */
const explained = (sabotage: MoneySabotage): Promise<string | undefined> =>
  inMoneyWorld(
    sabotage,
    async (world) => {
      const histories = fc.asyncProperty(anyCommands(150), async (commands) => {
        const model = await newModel(world)
        await fc.asyncModelRun(() => ({ model, real: world }), commands)
      })
      const { errorInstance } = await fc.check(histories, {
        ...{ numRuns: 12, seed: 7, unbiased: true, endOnFailure: true },
      })
      return errorInstance instanceof Error ? errorInstance.message : undefined
    },
    SETTINGS,
  )

/** What is wrong with the money after some interleavings. */
const problemsOf = (sabotage: MoneySabotage, histories: number): Promise<string> =>
  inMoneyWorld(
    sabotage,
    async (world) => {
      const problems: string[] = []
      for (let seed = 1; seed <= histories && problems.length === 0; seed++)
        problems.push(...(await runHistory(world, { seed, groups: 80, tally: new Map() })))
      return problems.join('\n')
    },
    SETTINGS,
  )

describe('the model', () => {
  it('[LG6] [PA4] [CA1] explains everything when nothing is broken', async () => {
    expect(await explained({})).toBeUndefined()
  })

  it('[LG5] notices commissions that are rounded down', async () => {
    expect(await explained(MONEY_SABOTAGES.roundedDown)).toMatch(/driver .* foretold was/)
  })

  it('[LG3] notices trips that are booked twice', async () => {
    expect(await explained(MONEY_SABOTAGES.bookedTwice)).toMatch(/foretold was/)
  })

  it('[PA6] notices credit that is forgotten', async () => {
    expect(await explained(MONEY_SABOTAGES.creditLost)).toMatch(/of credit|credit .* foretold was/)
  })

  it('[CA1] [PA2] notices cash that is counted twice', async () => {
    expect(await explained(MONEY_SABOTAGES.cashTwice)).toMatch(/foretold was/)
  })
})

describe('the interleavings', () => {
  it('[LG6] [PA12] [CA6] leave nothing wrong when nothing is broken', async () => {
    expect(await problemsOf({}, 2)).toBe('')
  })

  it('[PA6] [PA12] notice credit that is forgotten', async () => {
    expect(await problemsOf(MONEY_SABOTAGES.creditLost, 10)).toMatch(
      /nothing is held for a trip that has ended/,
    )
  })

  it('[CA1] [PA2] notice cash that is counted twice', async () => {
    expect(await problemsOf(MONEY_SABOTAGES.cashTwice, 10)).toMatch(/driver .* is not/)
  })

  it('[CA6] notice cash that is offered to who owes too much', async () => {
    expect(await problemsOf(MONEY_SABOTAGES.debtsIgnored, 10)).toMatch(/offer .* of cash with a debt of/)
  })

  it('[LG3] notice trips that are booked twice', async () => {
    expect(await problemsOf(MONEY_SABOTAGES.bookedTwice, 10)).toMatch(/driver .* is not/)
  })
})
