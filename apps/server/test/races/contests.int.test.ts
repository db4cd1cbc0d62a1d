import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { expireOffers } from '../../src/features/trips/index.ts'
import type { OfferId } from '../../src/kernel/index.ts'
import { openDatabase, type Database } from '../../src/platform/database/index.ts'
import type { Logger } from '../../src/platform/log.ts'
import { startSweep } from '../../src/platform/sweep.ts'
import { startPooler, type Pooler } from '../pooler.ts'
import { createWorld, type World } from '../world.ts'
import { findInstantViolations, findViolations } from './checks.ts'
import { BATCH, contestDeadlines, contestDrivers, type Pace, type Winner } from './contests.ts'
import { createRandom } from '../random.ts'
import { createHistory, findContradictions, type History } from './history.ts'
import { countDeadlocks, until } from './observer.ts'

const CONTESTS = Number(process.env['CONTESTS'] ?? 10_000)
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const POOL = 14
const LANES = 3
const SWEEPS = 2
const MAX_OPEN_TRIPS = 1

/** POOLER=1: everything but the onlooker goes through a pgbouncer in transaction mode. */
const isPooled = process.env['POOLER'] === '1'

let pooler: Pooler | undefined
let world: World
let outside: Database
beforeAll(async () => {
  pooler = isPooled ? await startPooler(inject('postgres').adminUrl) : undefined
  world = await createWorld({
    settings: { maxOpenTrips: MAX_OPEN_TRIPS, offerTimeoutSeconds: 1.5 },
    database: { poolSize: POOL, ...(pooler && { through: pooler.through }) },
  })
  outside = openDatabase({ url: world.url, poolSize: 1 })
})
afterAll(async () => {
  await outside.close()
  await world.close()
  await pooler?.stop()
})

type Result = { offerIds: OfferId[]; winners: Winner[]; glimpses: number; seconds: number; pace: Pace }

/** Runs all contests, a few batches at a time, with the sweeps and an onlooker beside them. */
async function run(history: History): Promise<Result> {
  const result: Result = {
    offerIds: [],
    winners: [],
    glimpses: 0,
    seconds: 0,
    pace: { batchMs: 300, answerMs: 50 },
  }
  const began = performance.now()
  const log = { error: (entry: unknown) => history.faults.push(entry) } as unknown as Logger
  const sweeps = Array.from({ length: SWEEPS }, () =>
    startSweep('expire-offers', () => expireOffers(world.platform), { log, metrics: world.platform.metrics }),
  )

  const end = new AbortController()
  const onlooker = (async () => {
    for (; !end.signal.aborted; result.glimpses++) {
      expect(await findInstantViolations(outside, MAX_OPEN_TRIPS), `seed ${SEED}`).toEqual({})
      await sleep(100)
    }
  })()

  let next = 0
  const lane = async (): Promise<void> => {
    for (let batch = next++; batch * BATCH < CONTESTS; batch = next++) {
      const random = createRandom(SEED + batch)
      const start = performance.now()
      const known = history.answers.length
      if (batch % 10 < 7)
        result.offerIds.push(...(await contestDeadlines(world, history, random, result.pace)))
      else result.winners.push(...(await contestDrivers(world, history, random, result.pace)))
      const answers = history.answers.slice(known)
      const meanMs = answers.reduce((sum, { began, ended }) => sum + ended - began, 0) / answers.length
      const { batchMs, answerMs } = result.pace
      result.pace = {
        batchMs: batchMs + 0.1 * (performance.now() - start - batchMs),
        answerMs: answerMs + 0.1 * (meanMs - answerMs),
      }
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane)).finally(() => end.abort())
  await onlooker
  await until(async () => {
    const open = await world.db.single.selectFrom('offer').select('id').where('state', '=', 'open').execute()
    return open.length === 0
  })
  await Promise.all(sweeps.map((sweep) => sweep.stop()))
  result.seconds = (performance.now() - began) / 1000
  return result
}

/** Offers whose accept and cancel were under way at the same time. */
function countOverlaps({ answers }: History, tripOf: Map<string, string>): number {
  const cancels = new Map(
    answers.filter((answer) => answer.action === 'cancel').map((answer) => [answer.id as string, answer]),
  )
  const contested = answers.filter((answer) => {
    const cancel = answer.action === 'accept' ? cancels.get(tripOf.get(answer.id) ?? '') : undefined
    return cancel !== undefined && cancel.began < answer.ended && answer.began < cancel.ended
  })
  return new Set(contested.map((answer) => answer.id)).size
}

const tally = (values: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...new Set(values)].sort().map((value) => [value, values.filter((v) => v === value).length]),
  )

describe(`${CONTESTS} contests`, () => {
  it(
    '[OF11] [OF1] [OF2] [TR6] [TR7] [OF10] [NW1] [NW3] have one winner each, lose no acknowledged answer and never deadlock',
    async () => {
      const history = createHistory()
      const { offerIds, winners, glimpses, seconds, pace } = await run(history)

      const { rows } = await sql<{ id: OfferId; state: string; tripId: string }>`
        select id, state, trip_id as "tripId" from offer`.execute(world.db.single)
      const offers = new Map(rows.map((row) => [row.id, row]))
      const ends = tally(offerIds.map((id) => offers.get(id)!.state))
      const wins = tally(winners)
      const overlaps = countOverlaps(history, new Map(rows.map((row) => [row.id, row.tripId])))
      console.log(
        `${offerIds.length + winners.length} contests in ${seconds.toFixed(1)} s (seed ${SEED}): offers ended ${JSON.stringify(ends)}, ` +
          `accept and cancel under way together in ${overlaps}, driver won by ${JSON.stringify(wins)}, ` +
          `${history.answers.length} answers in ${pace.answerMs.toFixed()} ms each, ${glimpses} looks in between`,
      )

      const seed = `seed ${SEED}`
      expect(history.faults, seed).toEqual([])
      expect(world.faults, seed).toEqual([])
      expect(await findViolations(outside, MAX_OPEN_TRIPS), seed).toEqual({})
      expect(await findContradictions(outside, history), seed).toEqual([])
      for (const state of ['accepted', 'withdrawn', 'expired']) {
        expect(ends[state] ?? 0, `${state}, ${seed}`).toBeGreaterThanOrEqual(offerIds.length * 0.1)
      }
      for (const winner of ['first', 'second']) {
        expect(wins[winner] ?? 0, `${winner}, ${seed}`).toBeGreaterThanOrEqual(winners.length * 0.1)
      }

      await world.db.close()
      await outside.close()
      await pooler?.stop()
      expect(await countDeadlocks(world.url), seed).toBe(0)
    },
    Math.max(300_000, CONTESTS * 60),
  )
})
