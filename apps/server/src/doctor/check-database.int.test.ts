import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { finding, portOfSilence, useDoctor, type Env } from '../../test/doctor-findings.ts'
import { nobodyThere } from '../../test/far-server.ts'
import { createTestDatabase } from '../../test/test-database.ts'
import { inspectDatabase } from '../platform/database/index.ts'
import { checkClock } from './check-clock.ts'
import { judgeDatabase } from './check-database.ts'
import { examine } from './examine.ts'

const { database, configOf, findings } = useDoctor()
const wellThen = finding('ok', /^PostgreSQL \d+\.\d+ answers in \d+ ms$/)

describe('the database', () => {
  it('[OP20] says its version; what is not on the disk, or too old, fails', async () => {
    const config = configOf()
    const well = { ...(await inspectDatabase(database().db, database().url)), isDurable: true }
    expect(judgeDatabase(config.database, well)).toEqual([wellThen])
    expect(judgeDatabase(config.database, { ...well, majorVersion: 13 })).toEqual([
      finding('fail', /too old/, /14/),
    ])

    const own = await createTestDatabase()
    onTestFinished(() => own.drop())
    await sql`alter database ${sql.id(new URL(own.url).pathname.slice(1))} set synchronous_commit = off`.execute(
      own.db.single,
    )
    expect(await findings('database', { DATABASE_URL: own.url })).toEqual([
      finding('fail', /not on the disk/, /fsync/),
    ])
  })

  it('[OP20] tells of migrations missing, changed or of another build, and of too few connections', async () => {
    const own = await createTestDatabase()
    onTestFinished(() => own.drop())
    const found = async () => {
      const report = await inspectDatabase(own.db, own.url)
      return judgeDatabase({ ...configOf().database, poolSize: 5 }, { ...report, isDurable: true })
    }
    await sql`delete from migration where name like '0003%'`.execute(own.db.single)
    expect(await found()).toEqual([wellThen, finding('warn', /missing: 0003-trips$/, /migrate/)])

    await sql`update migration set checksum = 'x' where name like '0002%'`.execute(own.db.single)
    expect(await found()).toEqual([finding('fail', /was changed after/, /build/)])
    await sql`delete from migration where name like '0002%'`.execute(own.db.single)
    await sql`insert into migration (name, checksum) values ('9999-later', 'x')`.execute(own.db.single)
    expect(await found()).toEqual([finding('fail', /newer build/, /build/)])

    const report = { ...(await inspectDatabase(database().db, database().url)), isDurable: true }
    const poolSize = report.maxConnections + 1
    expect(judgeDatabase({ ...configOf().database, poolSize }, report)).toEqual([
      wellThen,
      finding('warn', /connections for everybody/),
    ])
    expect(judgeDatabase({ ...configOf().database, poolSize }, { ...report, isPooled: true })).toEqual([
      wellThen,
    ])
  })

  it('[OP20] looks at DIRECT_URL too, and asks for one behind a pooler', async () => {
    const last = async (env: Env) => (await findings('database', env)).at(-1)
    expect(await last({ DIRECT_URL: `${database().url}?application_name=doctor` })).toEqual(
      finding('ok', /DIRECT_URL answers/),
    )
    const nobody = new URL(await nobodyThere())
    expect(await last({ DIRECT_URL: `postgresql://toota@127.0.0.1:${nobody.port}/toota` })).toEqual(
      finding('fail', /DIRECT_URL not reached/, /DIRECT_URL/),
    )
    expect(await last({ DATABASE_URL: `${database().url}?pgbouncer=true` })).toEqual(
      finding('warn', /pooler/, /DIRECT_URL/),
    )
  })

  it('[OP17] away, it is said within 10 seconds, and all the rest is looked at', async () => {
    const nobody = new URL(await nobodyThere())
    const wrong = new URL(database().url)
    wrong.pathname = '/toota_test_there_is_none'
    const cases: [url: string, reason: RegExp][] = [
      [`postgresql://toota@127.0.0.1:${nobody.port}/toota`, /ECONNREFUSED/],
      [`postgresql://toota@127.0.0.1:${await portOfSilence()}/toota`, /timeout|no answer/],
      [wrong.toString(), /does not exist/],
    ]
    for (const [url, reason] of cases) {
      const startedAt = performance.now()
      const found = await examine(configOf({ DATABASE_URL: url }))
      expect(performance.now() - startedAt).toBeLessThan(10_000)
      const states = Object.fromEntries(found.map(({ check, state }) => [check, state]))
      expect(states).toMatchObject({
        database: 'fail',
        clock: 'warn',
        mail: 'ok',
        storage: 'ok',
        router: 'ok',
      })
      expect(found).toContainEqual(finding('fail', reason, /DATABASE_URL/))
    }
  })

  it('[OP24] a clock that is more than 2 seconds from ours fails', async () => {
    const at = (shiftMs: number) =>
      checkClock(inspectDatabase(database().db, database().url, () => Date.now() + shiftMs))
    expect(await at(0)).toEqual([finding('ok', /within \d\.\d s/)])
    expect(await at(-5_000)).toEqual([finding('fail', /[45]\.\d s ahead of/, /NTP/)])
    expect(await at(5_000)).toEqual([finding('fail', /[45]\.\d s behind/, /NTP/)])
  })
})
