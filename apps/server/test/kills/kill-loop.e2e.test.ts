import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import type { Ack } from './acks.ts'
import { latestEnd } from './compare.ts'
import { killFirstStart, killUpgrade } from './first-starts.ts'
import { createKillLoop } from './loop.ts'
import { buildServer } from './server-process.ts'

const CYCLES = Number(process.env['KILL_CYCLES'] ?? 30)
const SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000)
const KINDS: Ack['what'][] = ['verified', 'trip', 'payment', 'offer', 'rejected', 'expired', 'status', 'cash']
/** Cycles that kill a first start and an upgrade instead of a working server. */
const START_CYCLES = 2
const KILLS_RECOVERY_EVERY = 5
const CYCLE_LIMIT_MS = 30_000

// The server brings its own PostgreSQL: with DATABASE_URL this would only be the same once more.
const isRepetition = process.env['DATABASE_URL'] !== undefined && process.env['KILL_CYCLES'] === undefined

describe.skipIf(isRepetition)(`kill -9 of Node and PostgreSQL, KILL_SEED=${SEED}`, () => {
  const random = createRandom(SEED)
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'toota-kills-'))
    await chmod(folder, 0o711)
    await buildServer()
  }, 120_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it(
    '[ED18] [OF4] [TR6] [TR11] [NW1] nothing acknowledged is lost and every offer ends in time, kill after kill',
    { timeout: CYCLES * CYCLE_LIMIT_MS },
    async () => {
      const home = await newFolder('loop')
      const loop = await createKillLoop(home, random)
      try {
        for (let cycle = 1; cycle <= CYCLES - START_CYCLES; cycle++) {
          await loop.cycle({ killsRecovery: cycle % KILLS_RECOVERY_EVERY === 0 })
          expect(await loop.compare(), `cycle ${cycle}`).toEqual({ lost: [], contradictions: [] })
        }
        expect(await loop.findLate()).toEqual([])
        const logins = await loop.logInAll()
        const acks = await loop.readAcks()
        const counts = acks.reduce<Record<string, number>>(
          (sum, { what }) => ({ ...sum, [what]: (sum[what] ?? 0) + 1 }),
          {},
        )
        console.log(
          `kill loop: ${JSON.stringify({ ...loop.totals, acknowledged: acks.length, lost: 0, ...counts, logins })}`,
        )

        // A loop in which nothing happens would prove nothing; a few cycles need not meet every kind.
        expect(loop.totals.offers + loop.totals.trips).toBeGreaterThan(0)
        if (CYCLES >= 20) expect(Object.keys(counts)).toEqual(expect.arrayContaining(KINDS))
      } finally {
        await loop.close()
      }
    },
  )

  it(
    '[ED8] [ED19] a first start killed in initdb and again after it is followed by one that works',
    { timeout: 120_000 },
    () => killFirstStart(join(folder, 'first'), random),
  )

  it(
    '[ED19] [DB3] an upgrade killed in the middle of a migration is completed by the next start',
    { timeout: 120_000 },
    () => killUpgrade(join(folder, 'upgrade'), random),
  )

  it('[ED18] a database that acknowledges before it writes is found out', { timeout: 120_000 }, async () => {
    const loop = await createKillLoop(await newFolder('saboteur'), random)
    try {
      await loop.query("alter system set synchronous_commit = 'off'")
      await loop.query("alter system set wal_writer_delay = '10s'")
      await loop.query('select pg_reload_conf()')
      await loop.cycle({ killsRecovery: false, liveMs: 2_000 })
      const { lost } = await loop.compare()
      expect(lost).not.toEqual([])
    } finally {
      await loop.close()
    }
  })

  it('[OF4] an offer may end later than a second after it was due only when no server was there', () => {
    const runs = [
      { readyAt: 0, killedAt: 10_000 },
      { readyAt: 12_000, killedAt: 12_500 },
      { readyAt: 15_000, killedAt: 20_000 },
    ]
    expect(latestEnd(5_000, runs)).toBe(6_000)
    expect(latestEnd(9_500, runs)).toBe(16_000)
    expect(latestEnd(16_000, runs)).toBe(17_000)
  })

  async function newFolder(name: string): Promise<string> {
    const home = await mkdtemp(join(folder, `${name}-`))
    await chmod(home, 0o711)
    return home
  }
})
