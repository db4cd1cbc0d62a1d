import { describe, expect, it } from 'vitest'
import { EDITS, OFF } from '../../races/sabotage.ts'
import { startSabotaged } from './cluster.ts'
import { play } from './play.ts'

const SIZE = { clients: 8, seconds: 3, leastTrips: 5, seed: 11, patienceMs: 3_000 }

describe('the check of everything that clients hear', { timeout: 60_000 }, () => {
  async function faultsOf(
    sabotage: Parameters<typeof startSabotaged>[0],
    options: Partial<Parameters<typeof play>[1]> = {},
  ): Promise<readonly string[]> {
    const cluster = await startSabotaged(sabotage)
    try {
      return (await play(cluster, { ...SIZE, ...options })).faults
    } finally {
      await cluster.close()
    }
  }

  it('[FT11] finds nothing where nothing is broken', async () => {
    expect(await faultsOf({}, { patienceMs: 45_000 })).toEqual([])
  })

  it('[FT11] finds a server that does not tell what was missed', async () => {
    const skipsReplay = [
      'and "seq" > $2 order by "seq" limit',
      'and "seq" > $2 and false order by "seq" limit',
    ] as const
    expect(await faultsOf({ code: [skipsReplay] })).not.toEqual([])
  })

  it('[FT11] finds streams that are numbered by one sequence for all', async () => {
    const schema = [OFF.newsKey, 'create sequence place']
    expect(await faultsOf({ schema, code: [EDITS.newsPlaceBySequence] })).not.toEqual([])
  })

  it('[FT11] finds a client that takes what comes for all there is', async () => {
    const faults = await faultsOf({}, { ignoresGaps: true })
    expect(faults.join('\n')).toMatch(/a gap from/)
  })
})
