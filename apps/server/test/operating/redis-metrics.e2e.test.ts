import { expect, it, vi } from 'vitest'
import { startMetricsServer } from '../../src/platform/metrics-server.ts'
import { startLiveServer } from '../live-server.ts'
import { findRedisServer, startRedisServer } from '../redis-server.ts'
import { scrape, valueOf } from './scrape.ts'

const hasRedis = (await findRedisServer()) !== undefined

it.skipIf(!hasRedis)('[OP56] whether Redis answers is told, and nothing where there is none', async () => {
  const redis = await startRedisServer()
  const server = await startLiveServer({}, { REDIS_URL: redis.url })
  const metrics = await startMetricsServer(server.platform.metrics, { host: '127.0.0.1', port: 0 })
  const isUp = async () => valueOf(await scrape(`http://127.0.0.1:${metrics.port}/metrics`), 'toota_redis_up')
  try {
    await vi.waitFor(async () => expect(await isUp()).toBe(1), { timeout: 8_000, interval: 100 })
    await redis.kill()
    await vi.waitFor(async () => expect(await isUp()).toBe(0), { timeout: 8_000, interval: 100 })
  } finally {
    await metrics.close()
    await server.close()
    await redis.stop()
  }
})
