import { pino } from 'pino'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import {
  findRedisServer,
  NO_REDIS,
  startRedisCluster,
  startRedisServer,
  type RedisServer,
} from '../../../test/redis-server.ts'
import { openRedis, type RedisLink } from './redis-link.ts'
import { parseRedisUrl } from './redis-target.ts'

const hasRedis = (await findRedisServer()) !== undefined
const PATIENCE = { timeout: 15_000 }

function connect(url: string): RedisLink {
  const link = openRedis(parseRedisUrl(url)!, pino({ level: 'silent' }))
  onTestFinished(() => link.close())
  return link
}

/** Publishes until it is heard: what was published while nobody was subscribed is nobody's. */
const heard = (link: RedisLink, ear: readonly string[], channel: string, word: string) =>
  expect
    .poll(() => {
      link.publish(channel, word)
      return ear.includes(word)
    }, PATIENCE)
    .toBe(true)

describe.skipIf(!hasRedis)(`the link to one Redis (skipped where there is ${NO_REDIS})`, () => {
  let redis: RedisServer
  afterEach(() => redis.stop())

  it('[RD3] hears what any node publishes, until it stops, also of channels asked for before it was up', async () => {
    redis = await startRedisServer()
    const [a, b] = [connect(redis.url), connect(redis.url)]
    const [early, late]: string[][] = [[], []]
    const stop = b.subscribe('toota:{za}:x', (message) => early!.push(message))
    await heard(a, early!, 'toota:{za}:x', 'one')
    b.subscribe('toota:{ng}:y', (message) => late!.push(message))
    await heard(a, late!, 'toota:{ng}:y', 'two')
    stop()
    const before = early!.length
    a.publish('toota:{za}:x', 'three')
    await heard(a, late!, 'toota:{ng}:y', 'four')
    expect(early).toHaveLength(before)
  })

  it('[RD4] is up again with its subscriptions after a kill, and holds nothing back meanwhile', async () => {
    redis = await startRedisServer()
    const link = connect(redis.url)
    const ear: string[] = []
    let ups = 0
    link.onUp(() => ups++)
    link.subscribe('toota:{za}:x', (message) => ear.push(message))
    await expect.poll(() => ups, PATIENCE).toBe(1)
    await redis.kill()
    await expect.poll(() => link.isUp, PATIENCE).toBe(false)
    link.publish('toota:{za}:x', 'while away')
    await expect(link.commands.info()).rejects.toThrow()
    await redis.restart()
    await expect.poll(() => ups, PATIENCE).toBe(2)
    await heard(link, ear, 'toota:{za}:x', 'after')
    expect(ear).not.toContain('while away')
  })

  it('[RD4] gives up a Redis that hangs, without waiting for it, and comes back to it', async () => {
    redis = await startRedisServer()
    const link = connect(redis.url)
    const ear: string[] = []
    link.subscribe('toota:{za}:x', (message) => ear.push(message))
    await heard(link, ear, 'toota:{za}:x', 'before')
    redis.freeze()
    const began = performance.now()
    await expect(link.commands.info()).rejects.toThrow()
    expect(performance.now() - began).toBeLessThan(5_000)
    await expect.poll(() => link.isUp, PATIENCE).toBe(false)
    redis.thaw()
    await heard(link, ear, 'toota:{za}:x', 'after')
  })
})

describe.skipIf(!hasRedis)(`the link to a Cluster (skipped where there is ${NO_REDIS})`, () => {
  it('[RD3] hears channels of every shard, and works on keys of one slot', async () => {
    const cluster = await startRedisCluster()
    onTestFinished(() => cluster.stop())
    const url = `redis+cluster://${cluster.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`
    const [a, b] = [connect(url), connect(url)]
    const ear: string[] = []
    const markets = ['za', 'ng', 'ke', 'gh', 'tz', 'ug']
    for (const market of markets) b.subscribe(`toota:{${market}}:x`, (message) => ear.push(message))
    for (const market of markets) await heard(a, ear, `toota:{${market}}:x`, market)
    const pipeline = a.commands.pipeline()
    pipeline.hset('toota:{za}:h', 'k', 'v').zadd('toota:{za}:z', 1, 'm')
    expect((await pipeline.exec())?.map(([error]) => error)).toEqual([null, null])
  }, 60_000)
})
