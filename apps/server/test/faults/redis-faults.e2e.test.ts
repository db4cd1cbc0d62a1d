import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createApiClient } from '../api-client.ts'
import { startNodes, type Node, type Nodes } from '../nodes.ts'
import { JOHANNESBURG } from '../people.ts'
import { until } from '../races/observer.ts'
import { findRedisServer, NO_REDIS, startRedisServer, type RedisServer } from '../redis-server.ts'
import { createTestDatabase, type TestDatabase } from '../test-database.ts'
import { openTestSocket, type TestSocket } from '../test-socket.ts'
import { findViolations } from '../races/checks.ts'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'

/** The poll of the database every 2 s, and what it takes on a busy machine. */
const BY_POLL_MS = 3_500
const hasRedis = (await findRedisServer()) !== undefined

describe.skipIf(!hasRedis)(`Redis (skipped where there is ${NO_REDIS})`, { timeout: 60_000 }, () => {
  let database: TestDatabase
  let redis: RedisServer
  let fleet: Nodes
  /** The ways of the two nodes to Redis. */
  let ways: [FaultProxy, FaultProxy]
  let here: Node
  let there: Node
  const sockets: TestSocket[] = []
  beforeAll(async () => {
    database = await createTestDatabase()
    redis = await startRedisServer()
    const upstream = { port: redis.port }
    ways = [await startFaultProxy({ upstream }), await startFaultProxy({ upstream })]
    fleet = await startNodes({ databaseUrl: database.url, redisUrl: redis.url, count: 0 })
    here = await fleet.start({ REDIS_URL: `redis://127.0.0.1:${ways[0].port}` })
    there = await fleet.start({ REDIS_URL: `redis://127.0.0.1:${ways[1].port}` })
  }, 120_000)
  afterEach(async () => {
    redis.thaw()
    for (const way of ways) way.heal()
    for (const socket of sockets.splice(0)) socket.close()
    expect(await findViolations(database.db, 10)).toEqual({})
  })
  afterAll(async () => {
    await fleet.close()
    for (const way of ways) await way.close()
    await redis.stop()
    await database.drop()
  })

  const callOn = (node: Node) => createApiClient({ address: node.baseUrl })
  async function connect(node: Node, token: string): Promise<TestSocket> {
    const socket = await openTestSocket(`${node.baseUrl.replace('http', 'ws')}/v1/live`, token)
    sockets.push(socket)
    socket.send({ t: 'hello', v: 1 })
    await socket.find({ t: 'welcome' })
    return socket
  }
  /** A customer here and a driver there, both connected, and a trip that is held out to him. */
  async function offered() {
    const { people } = fleet
    const [customerId, driverId] = [await people.addCustomer(), await people.addDriver()]
    const [customer, driver] = [await people.signIn(customerId), await people.signIn(driverId)]
    const [mine, theirs] = [await connect(here, customer), await connect(there, driver)]
    theirs.send({ t: 'loc', ...JOHANNESBURG })
    const trip = await people.requestTrip(customerId)
    const offerId = await people.offer(customerId, trip.id, driverId)
    await theirs.find({ kind: 'offer.opened' })
    return { customerId, driverId, customer, driver, mine, theirs, tripId: trip.id, offerId }
  }
  /** What is done there is heard here. */
  async function isHeard({ driver, mine, offerId }: Awaited<ReturnType<typeof offered>>): Promise<number> {
    const start = performance.now()
    const answer = await callOn(there)('POST', `/offers/${offerId}/acceptance`, {
      token: driver,
      key: randomUUID(),
    })
    expect(answer.status).toBe(200)
    await mine.find({ kind: 'trip.changed' })
    return performance.now() - start
  }
  /** Whether a search here finds this driver, who is connected there. */
  async function finds(token: string, driverId: string): Promise<boolean> {
    const { latitude, longitude } = JOHANNESBURG
    const path = `/drivers?latitude=${latitude}&longitude=${longitude}&vehicleClass=bakkie`
    const { body } = await callOn(here)('GET', path, { token })
    return (body['drivers'] as { id: string }[]).some(({ id }) => id === driverId)
  }
  /** With each fix he is seen again, everywhere. */
  async function isFoundAgain(): Promise<void> {
    const customer = await fleet.people.signIn(await fleet.people.addCustomer())
    const driverId = await fleet.people.addDriver({ at: null })
    const socket = await connect(there, await fleet.people.signIn(driverId))
    await until(async () => {
      socket.send({ t: 'loc', ...JOHANNESBURG })
      await pause(300)
      return finds(customer, driverId)
    }, 15_000)
  }

  it('[FT50] is gone: events come by the database, nothing is refused, and positions are back with the next fixes', async () => {
    const pair = await offered()
    await redis.kill()
    expect(await isHeard(pair)).toBeLessThan(BY_POLL_MS)
    const answers = await Promise.all([here, there].map((node) => fetch(`${node.baseUrl}/readyz`)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    await redis.restart()
    await isFoundAgain()
  })

  it('[FT51] is flushed: positions are back with the next fixes', async () => {
    expect(await redis.command('FLUSHALL')).toBe('+OK')
    await isFoundAgain()
    expect(await isHeard(await offered())).toBeLessThan(BY_POLL_MS)
  })

  it('[FT52] hangs: nothing waits for it', async () => {
    const pair = await offered()
    redis.freeze()
    expect(await isHeard(pair)).toBeLessThan(BY_POLL_MS)
    const start = performance.now()
    expect((await callOn(here)('GET', '/trips', { token: pair.customer })).status).toBe(200)
    expect(performance.now() - start).toBeLessThan(2_000)
    redis.thaw()
    await isFoundAgain()
  })

  it('[FT53] a partition between two nodes: events come by the database, and a driver is taken once', async () => {
    const pair = await offered()
    ways[0].add('upstream', { type: 'timeout', ms: 0 })
    ways[0].add('downstream', { type: 'timeout', ms: 0 })
    expect(await isHeard(pair)).toBeLessThan(BY_POLL_MS)

    const { people } = fleet
    const driverId = await people.addDriver()
    const driver = await people.signIn(driverId)
    const [left, right] = [await connect(here, driver), await connect(there, driver)]
    for (const socket of [left, right]) socket.send({ t: 'loc', ...JOHANNESBURG })
    const answers = await Promise.all(
      [here, there].map(async (node) => {
        const customerId = await people.addCustomer()
        const trip = await people.requestTrip(customerId)
        const token = await people.signIn(customerId)
        return callOn(node)('POST', `/trips/${trip.id}/offers`, {
          token,
          key: randomUUID(),
          body: { driverId },
        })
      }),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  })
})
