import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProcesses, type Cluster } from './cluster.ts'
import { play } from './play.ts'

const CLIENTS = Number(process.env['ACCEPTANCE_CLIENTS'] ?? 30)
const SECONDS = Number(process.env['ACCEPTANCE_SECONDS'] ?? 15)
const NODES = Number(process.env['ACCEPTANCE_NODES'] ?? (CLIENTS > 100 ? 3 : 2))
const SEED = Number(process.env['ACCEPTANCE_SEED'] ?? Date.now() % 1_000_000)
const KILLS_A_RUN = Math.max(1, Math.round(SECONDS / 20))

// With DATABASE_URL it would only be the same once more.
const isRepetition =
  process.env['DATABASE_URL'] !== undefined && process.env['ACCEPTANCE_CLIENTS'] === undefined

describe.skipIf(isRepetition)(`everybody hears everything, ACCEPTANCE_SEED=${SEED}`, () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startProcesses(NODES)
  }, 120_000)
  afterAll(() => cluster.close())

  it(
    '[FT10] through drops, freezes, losses and kills, each client has its whole stream once, in order, and folds it to the state',
    { timeout: SECONDS * 1_000 + 180_000 },
    async () => {
      const killEveryMs = (SECONDS * 1_000) / (KILLS_A_RUN + 1)
      const { faults, ...counts } = await play(cluster, {
        clients: CLIENTS,
        seconds: SECONDS,
        seed: SEED,
        killEveryMs,
      })
      console.log(JSON.stringify({ clients: CLIENTS, seconds: SECONDS, nodes: NODES, seed: SEED, ...counts }))
      expect(faults).toEqual([])
      expect(counts.accepted).toBeGreaterThan(0)
      expect(counts.deeds.kills).toBeGreaterThan(0)
    },
  )
})
