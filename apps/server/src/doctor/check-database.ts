import type { Config } from '../config.ts'
import { isPooled, reachDatabase, type DatabaseReport } from '../platform/database/index.ts'
import { findingsOf, reasonOf, type Finding } from './finding.ts'
import { inTime } from './in-time.ts'

const { ok, warn, fail } = findingsOf('database')
const OLDEST_VERSION = 14
const MIGRATE = 'run npm run toota -- migrate, or start the server'

/** `report` fails when the database is away. */
export async function checkDatabase(
  { database }: Pick<Config, 'database'>,
  report: Promise<DatabaseReport>,
): Promise<Finding[]> {
  const [found, ofDirectUrl] = await Promise.all([
    report.then(
      (known) => judgeDatabase(database, known),
      (error: unknown) => [fail(`not reached: ${reasonOf(error)}`, mendOf(database))],
    ),
    checkDirectUrl(database),
  ])
  return [...found, ...ofDirectUrl]
}

/** Says what is wrong with a database that answers, or in one line that all is well. */
export function judgeDatabase({ poolSize }: Config['database'], report: DatabaseReport): Finding[] {
  const { version, majorVersion, roundTripMs, maxConnections, pendingMigrations: pending } = report
  const name = `PostgreSQL ${version}`
  const findings: Finding[] = []
  if (majorVersion < OLDEST_VERSION)
    findings.push(fail(`${name} is too old`, `move to PostgreSQL ${OLDEST_VERSION} or newer`))
  if (!report.isDurable)
    findings.push(
      fail(
        'a commit is not on the disk when it is answered',
        'set fsync = on and synchronous_commit = on in postgresql.conf',
      ),
    )
  if (report.migrationFault !== undefined)
    findings.push(fail(report.migrationFault, 'start the build that this database belongs to'))
  if (pending.length > 0) findings.push(warn(`migrations missing: ${pending.join(', ')}`, MIGRATE))
  if (!report.isPooled && poolSize > maxConnections)
    findings.push(
      warn(
        `DATABASE_POOL_SIZE is ${poolSize}, but the server has ${maxConnections} connections for everybody`,
        'lower the one or raise max_connections',
      ),
    )
  const isWell = findings.every(({ state }) => state !== 'fail')
  return isWell
    ? [ok(`${name} answers in ${Math.max(1, Math.round(roundTripMs))} ms`), ...findings]
    : findings
}

async function checkDirectUrl({ url, directUrl }: Config['database']): Promise<Finding[]> {
  if (url === undefined || directUrl === undefined) return []
  if (directUrl === url) {
    return isPooled(url)
      ? [
          warn(
            'migrations go through a transaction pooler',
            'set DIRECT_URL to the address without the pooler',
          ),
        ]
      : []
  }
  try {
    await inTime(reachDatabase(directUrl))
    return [ok('DIRECT_URL answers')]
  } catch (error) {
    return [fail(`DIRECT_URL not reached: ${reasonOf(error)}`, 'correct DIRECT_URL; migrations go there')]
  }
}

const mendOf = ({ url }: Config['database']): string =>
  url === undefined
    ? 'free DATA_DIR, or set DATABASE_URL to a PostgreSQL of your own'
    : 'start it, or correct DATABASE_URL (host, port, user, password, name)'
