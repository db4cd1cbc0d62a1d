import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findRedisServer, NO_REDIS, startRedisServer, type RedisServer } from '../../test/redis-server.ts'
import { createWorld, type World } from '../../test/world.ts'
import { newId, type AccountId, type SessionId } from '../kernel/index.ts'
import { PolledNewsDesk } from './news-desk.ts'
import { createNewsWakeUps } from './news-wake-ups.ts'
import { openRedis, type RedisLink } from './redis/redis-link.ts'
import { parseRedisUrl } from './redis/redis-target.ts'
import { createSessionEnds } from './session-ends.ts'

const hasRedis = (await findRedisServer()) !== undefined
const PATIENCE = { timeout: 10_000 }

describe.skipIf(!hasRedis)(`several nodes (skipped where there is ${NO_REDIS})`, () => {
  let world: World
  let redis: RedisServer
  const links: RedisLink[] = []
  beforeAll(async () => {
    world = await createWorld()
    redis = await startRedisServer()
  })
  afterEach(() => {
    for (const link of links.splice(0)) link.close()
  })
  afterAll(async () => {
    await redis.stop()
    await world.close()
    expect(world.faults).toEqual([])
  })

  const connect = async (): Promise<RedisLink> => {
    const link = openRedis(parseRedisUrl(redis.url)!, pino({ level: 'silent' }))
    links.push(link)
    await expect.poll(() => link.isUp, PATIENCE).toBe(true)
    return link
  }
  const desk = async (): Promise<PolledNewsDesk> =>
    new PolledNewsDesk(
      world.db,
      (error) => world.faults.push(error),
      undefined,
      createNewsWakeUps(await connect()),
    )
  const tell = (at: PolledNewsDesk, accountId: AccountId, data: number): Promise<void> =>
    world.db.transaction((tx) => at.append(tx, [{ accountId, kind: 'test', data }]))

  it('[NW4] news is heard at another node without a poll, as it was written, once and in order', async () => {
    const [a, b] = [await desk(), await desk()]
    const accountId = await world.addCustomer()
    const heard: unknown[] = []
    await b.listen(accountId, ({ seq, data, at }) => heard.push([seq, data, at instanceof Date]))
    // The subscription is made beside the reading, so the first few may be left to the poll.
    for (let n = 1; heard.length === 0; n++) await tell(a, accountId, n)
    const rows = await a.since(accountId, 0, 1_000)
    for (let n = 1; n <= 50; n++) await tell(n % 2 ? a : b, accountId, rows.length + n)
    const all = Array.from({ length: rows.length + 50 }, (_, n) => [n + 1, n + 1, true])
    await expect.poll(() => heard, PATIENCE).toEqual(all)
  })

  it('[NW4] while Redis is away the poll finds everything, and nothing fails', async () => {
    const [a, b] = [await desk(), await desk()]
    const accountId = await world.addCustomer()
    const heard: number[] = []
    await b.listen(accountId, ({ seq }) => heard.push(seq))
    await redis.kill()
    for (let n = 1; n <= 5; n++) await tell(a, accountId, n)
    await b.poll()
    expect(heard).toEqual([1, 2, 3, 4, 5])
    await redis.restart()
  })

  it('[NW5] a session that ends at one node is told to the others, after COMMIT alone', async () => {
    const [a, b] = [createSessionEnds(await connect()), createSessionEnds(await connect())]
    const told: (readonly SessionId[])[] = []
    b.listen((sessionIds) => told.push(sessionIds))
    const [gone, stays] = [newId<SessionId>(), newId<SessionId>()]
    const end = (sessionId: SessionId): Promise<void> =>
      world.db.transaction((tx) => {
        a.tell(tx, [sessionId])
        return Promise.resolve()
      })
    await expect
      .poll(async () => {
        await end(gone)
        return told.length
      }, PATIENCE)
      .toBeGreaterThan(0)
    await expect(
      world.db.transaction((tx) => {
        a.tell(tx, [stays])
        return Promise.reject(new Error('no'))
      }),
    ).rejects.toThrow('no')
    await end(gone)
    expect(told.flat()).not.toContain(stays)
  })
})
