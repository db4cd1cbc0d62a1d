import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { expireOffers } from '../../src/features/trips/index.ts'
import { openDatabase, type Database } from '../../src/platform/database/index.ts'
import { hasPooler, NO_POOLER, startPooler, type Pooler } from '../pooler.ts'
import { createRandom } from '../random.ts'
import { createWorld, type World } from '../world.ts'
import { findViolations } from './checks.ts'
import { contestDeadlines, contestDrivers } from './contests.ts'
import { createHistory, findContradictions } from './history.ts'
import { countDeadlocks, until } from './observer.ts'

const ROUNDS = 2
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const PACE = { batchMs: 300, answerMs: 50 }

describe.skipIf(!(await hasPooler()))(
  `through a pooler in transaction mode (skipped where there is ${NO_POOLER})`,
  () => {
    let pooler: Pooler
    let world: World
    let outside: Database
    beforeAll(async () => {
      pooler = await startPooler(inject('postgres').adminUrl)
      world = await createWorld({
        settings: { maxOpenTrips: 1, offerTimeoutSeconds: 1.5 },
        database: { poolSize: 14, through: pooler.through },
      })
      outside = openDatabase({ url: world.url, poolSize: 1 })
    })
    afterAll(async () => {
      await outside.close()
      await world.close()
      await pooler.stop()
    })

    it('[DB8] contests have one winner each, lose no acknowledged answer and never deadlock', async () => {
      const history = createHistory()
      for (let round = 0; round < ROUNDS; round++) {
        const random = createRandom(SEED + round)
        await contestDeadlines(world, history, random, PACE)
        await contestDrivers(world, history, random, PACE)
      }
      await until(async () => {
        await expireOffers(world.platform)
        const open = await outside.single
          .selectFrom('offer')
          .select('id')
          .where('state', '=', 'open')
          .execute()
        return open.length === 0
      })
      const seed = `seed ${SEED}`
      expect(history.answers.length, seed).toBeGreaterThan(0)
      expect([history.faults, world.faults], seed).toEqual([[], []])
      expect(await findViolations(outside, 1), seed).toEqual({})
      expect(await findContradictions(outside, history), seed).toEqual([])
      await Promise.all([world.db.close(), outside.close()])
      await pooler.stop()
      expect(await countDeadlocks(world.url), seed).toBe(0)
    }, 120_000)
  },
)
