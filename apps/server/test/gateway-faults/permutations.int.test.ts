import { describe, expect, it } from 'vitest'
import { runHistories } from './permutations.ts'

const PERMUTATIONS = Number(process.env['PERMUTATIONS'] ?? 100)
const SEED = Number(process.env['PERMUTATION_SEED'] ?? 1)

describe.each(['paystack', 'flutterwave', 'yoco'] as const)('%s', (gateway) => {
  it(
    '[PA13] [PA10] [PA12] [LG3] webhooks, redirects and sweeps in any order and number end as sweeps alone do',
    async () => {
      const tally = await runHistories({ gateway, seed: SEED, count: PERMUTATIONS })
      const { problems, seconds, ...sums } = tally
      console.log(`${gateway}: ${JSON.stringify(sums)} in ${seconds.toFixed(1)} s, seeds from ${SEED}`)
      const hint = `again: PERMUTATION_SEED=${problems[0]?.seed ?? SEED} PERMUTATIONS=1`
      expect(problems, hint).toEqual([])
    },
    Math.max(120_000, PERMUTATIONS * 500),
  )
})
