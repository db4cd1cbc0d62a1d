import type { DatabaseReport } from '../platform/database/index.ts'
import { findingsOf, type Finding } from './finding.ts'

const { ok, warn, fail } = findingsOf('clock')
const TOLERATED_MS = 2_000

/** Deadlines are the database's, tokens and quotes ours: far apart, one is over before the other has begun. */
export async function checkClock(report: Promise<DatabaseReport>): Promise<Finding[]> {
  const ahead = await report.then(({ clockAheadMs }) => clockAheadMs).catch(() => undefined)
  if (ahead === undefined) return [warn('not compared: the database is away', 'mend the database first')]
  const seconds = (Math.abs(ahead) / 1000).toFixed(1)
  return Math.abs(ahead) <= TOLERATED_MS
    ? [ok(`within ${seconds} s of the database's`)]
    : [
        fail(
          `the database's is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} this machine's`,
          'set both by NTP (timedatectl set-ntp true)',
        ),
      ]
}
