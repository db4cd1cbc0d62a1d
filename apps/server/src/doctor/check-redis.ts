import type { Config } from '../config.ts'
import { inspectRedis } from '../platform/redis/inspect-redis.ts'
import { placeOfRedis } from '../platform/redis/redis-target.ts'
import { findingsOf, reasonOf, type Finding } from './finding.ts'
import { inTime } from './in-time.ts'

const { ok, warn, fail } = findingsOf('redis')

const PATIENCE_MS = 4_000
const SLOW_MS = 50

/** Whether this node would find the others. */
export async function checkRedis({ redis }: Pick<Config, 'redis'>): Promise<Finding> {
  if (!redis) return ok('not set: this server is alone with its database')
  const place = placeOfRedis(redis)
  try {
    const { version, milliseconds } = await inTime(inspectRedis(redis, PATIENCE_MS), PATIENCE_MS + 1_000)
    const says = `${place} is version ${version} and answers in ${milliseconds} ms`
    return milliseconds > SLOW_MS ? warn(says, 'run it nearer to the servers') : ok(says)
  } catch (error) {
    const reason = reasonOf(error)
    return /unknown command/i.test(reason)
      ? fail(`${place} knows no sharded channels`, 'run Redis or Valkey 7 or newer')
      : fail(
          `${place} is not usable (${reason})`,
          'correct REDIS_URL, or let us through its firewall and its ACL',
        )
  }
}
