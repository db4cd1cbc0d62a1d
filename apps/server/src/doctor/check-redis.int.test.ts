import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findRedisServer, NO_REDIS, startRedisServer, type RedisServer } from '../../test/redis-server.ts'
import { parseRedisUrl } from '../platform/redis/redis-target.ts'
import { checkRedis } from './check-redis.ts'

const hasRedis = (await findRedisServer()) !== undefined
const look = (url: string) => checkRedis({ redis: parseRedisUrl(url) })

describe('the doctor about Redis', () => {
  it('[RD2] says that one server is alone, or what keeps it from Redis', async () => {
    expect(await checkRedis({ redis: undefined })).toMatchObject({ state: 'ok', check: 'redis' })
    expect(await look('redis://127.0.0.1:1')).toMatchObject({
      state: 'fail',
      says: expect.stringContaining('ECONNREFUSED') as string,
    })
  })
})

describe.skipIf(!hasRedis)(`the doctor at a Redis (skipped where there is ${NO_REDIS})`, () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedisServer()
  })
  afterAll(() => redis.stop())

  it('[RD2] says version and time, that the password is wrong, or that nothing answers', async () => {
    expect(await look(redis.url)).toMatchObject({
      state: 'ok',
      says: expect.stringContaining('version') as string,
    })
    await redis.command('CONFIG', 'SET', 'requirepass', 'right')
    const refused = await look(redis.url.replace('//', '//:wrong-word@'))
    expect(refused.state).toBe('fail')
    expect(refused.says).toMatch(/WRONGPASS/)
    expect(refused.says).not.toContain('wrong-word')
    redis.freeze()
    expect(await look(redis.url)).toMatchObject({ state: 'fail' })
    redis.thaw()
  })
})
