import { existsSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createPasswords } from '../../src/platform/passwords.ts'
import { createApiClient } from '../api-client.ts'
import { startNodes, type Node, type Nodes } from '../nodes.ts'
import { until } from '../races/observer.ts'
import { findRedisServer, startRedisServer, type RedisServer } from '../redis-server.ts'
import { createTestDatabase, type TestDatabase } from '../test-database.ts'
import { openTestSocket, type TestSocket } from '../test-socket.ts'
import { TRIP } from './acceptance/lives.ts'
import { openPhone, type Phone, type Role } from './acceptance/phone.ts'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'

const OFFER_SECONDS = 3
const PASSWORD = 'a-bakkie-for-two-sofas'
const libfaketime = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
].find((path) => existsSync(path))
const hasPrlimit = ((): boolean => {
  try {
    execFileSync('prlimit', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe('nodes', { timeout: 120_000 }, () => {
  let database: TestDatabase
  /** Where there is one: only by it does a node hear which devices moved on. */
  let redis: RedisServer | undefined
  let fleet: Nodes
  let proxy: FaultProxy
  /** Where new connections go. */
  let target: Node
  const phones: Phone[] = []
  const sockets: TestSocket[] = []
  beforeAll(async () => {
    database = await createTestDatabase()
    redis = (await findRedisServer()) && (await startRedisServer())
    const settings = { OFFER_TIMEOUT_SECONDS: String(OFFER_SECONDS), DRAIN_SECONDS: '2' }
    fleet = await startNodes({ databaseUrl: database.url, redisUrl: redis?.url, count: 1, settings })
    target = fleet.nodes[0]!
    proxy = await startFaultProxy({ upstream: () => ({ port: Number(new URL(target.baseUrl).port) }) })
  }, 120_000)
  afterEach(() => {
    for (const phone of phones.splice(0)) phone.close()
    for (const socket of sockets.splice(0)) socket.close()
    proxy.heal()
  })
  afterAll(async () => {
    await proxy.close()
    await fleet.close()
    await redis?.stop()
    await database.drop()
  })

  /** The node that was there before, and another one. */
  async function twoNodes(): Promise<[Node, Node]> {
    const alive = fleet.nodes.filter((node) => !node.hasEnded())
    while (alive.length < 2) alive.push(await fleet.start())
    target = alive[0]!
    return [alive[0]!, alive[1]!]
  }
  async function phoneOf(role: Role, id: Phone['id']): Promise<Phone> {
    const phone = await openPhone(
      { role, id, token: await fleet.people.signIn(id) },
      {
        ...{ baseUrl: `http://127.0.0.1:${proxy.port}`, random: Math.random, beginsWithSnapshot: false },
        WebSocket: WebSocket,
      },
    )
    phones.push(phone)
    return phone
  }
  /** A customer's trip that a driver is just being offered, both on the first node. */
  async function offered() {
    const { people } = fleet
    const [customerId, driverId] = [await people.addCustomer(), await people.addDriver()]
    const [customer, driver] = [await phoneOf('customer', customerId), await phoneOf('driver', driverId)]
    const heard = driver.untilEvent(({ kind }) => kind === 'offer.opened', 5_000)
    const trip = await people.requestTrip(customerId)
    const offerId = await people.offer(customerId, trip.id, driverId)
    expect(await heard).toBe(true)
    return { customerId, driverId, customer, driver, tripId: trip.id, offerId }
  }
  async function connect(node: Node, token: string): Promise<TestSocket> {
    const socket = await openTestSocket(`${node.baseUrl.replace('http', 'ws')}/v1/live`, token)
    sockets.push(socket)
    socket.send({ t: 'hello', v: 1, device: 'a-phone' })
    await socket.find({ t: 'welcome' })
    return socket
  }
  /** A token by this node's clock. */
  async function tokenBy(node: Node, driverId: Phone['id']): Promise<string> {
    await database.db.single
      .updateTable('account')
      .set({ password_hash: await createPasswords().hash(PASSWORD) })
      .where('id', '=', driverId)
      .execute()
    const body = {
      role: 'driver',
      email: `driver-${driverId}@example.org`,
      password: PASSWORD,
      device: 'a-phone',
    }
    const session = await createApiClient({ address: node.baseUrl })('POST', '/sessions', { body })
    expect(session.status).toBe(201)
    return String(session.body['accessToken'])
  }
  const isOpen = (phone: Phone) => Promise.resolve(phone.toota.live.state === 'open')

  it('[FT30] kill -9 in the middle of a request and of an offer: the request is repeated elsewhere, the offer ends there', async () => {
    const [first, second] = await twoNodes()
    const { customerId, customer, driver, offerId } = await offered()
    const before = performance.now()
    const asked = customer.toota.trips.request(TRIP)
    target = second
    await first.kill()
    const ended = driver.untilEvent(
      ({ kind, data }) => kind === 'offer.ended' && data['offerId'] === offerId,
      15_000,
    )
    await Promise.all([customer, driver].map((phone) => until(() => isOpen(phone), 5_000)))
    expect(performance.now() - before).toBeLessThan(5_000)
    const { id } = await asked
    expect(await ended).toBe(true)
    const { trips } = await customer.toota.trips.list()
    expect(trips.map((trip) => trip.id).sort()).toEqual(
      [id, ...driver.told.flatMap((told) => (told.what === 'event' ? [String(told.data['tripId'])] : []))]
        .filter((each, n, all) => all.indexOf(each) === n)
        .sort(),
    )
    expect(customer.id).toBe(customerId)
  })

  it('[FT31] frozen and thawed: others go on without it, and what it completes late comes too late', async () => {
    const [first, second] = await twoNodes()
    const { driverId, customer, driver, offerId } = await offered()
    const token = await fleet.people.signIn(driverId)
    const stale = await connect(first, token)
    process.kill(first.pid, 'SIGSTOP')
    try {
      const late = createApiClient({ address: first.baseUrl })('POST', `/offers/${offerId}/acceptance`, {
        token,
        key: randomUUID(),
      })
      target = second
      const ended = driver.untilEvent(({ kind }) => kind === 'offer.ended', 15_000)
      for (const phone of [customer, driver]) phone.toota.live.networkChanged()
      expect(await ended).toBe(true)
      const newer = await connect(second, token)
      process.kill(first.pid, 'SIGCONT')
      expect(await late).toMatchObject({ status: 409, body: { code: 'offer-closed' } })
      if (redis) expect(await stale.closed()).toBe(4505)
      expect(newer.isOpen()).toBe(true)
    } finally {
      process.kill(first.pid, 'SIGCONT')
    }
  })

  it('[FT32] a stop sends everybody elsewhere before it ends, and no event is lost', async () => {
    const [first, second] = await twoNodes()
    const { customerId, customer, tripId, driver, driverId } = await offered()
    const witness = await connect(first, await fleet.people.signIn(customerId))
    target = second
    const stopped = first.stop()
    expect(await witness.find({ t: 'drain' })).toMatchObject({ afterMs: expect.any(Number) as number })
    const readiness = () =>
      fetch(`${first.baseUrl}/readyz`).then(
        ({ status }) => status,
        () => 0,
      )
    await until(async () => (await readiness()) !== 200)
    const cancelled = customer.untilEvent(({ kind }) => kind === 'trip.changed', 15_000)
    const call = createApiClient({ address: second.baseUrl })
    const token = await fleet.people.signIn(customerId)
    expect((await call('POST', `/trips/${tripId}/cancellation`, { token, body: {} })).status).toBe(200)
    expect(await cancelled).toBe(true)
    expect(await witness.closed()).toBe(4001)
    await stopped
    await Promise.all([customer, driver].map((phone) => until(() => isOpen(phone), 15_000)))
    const told = driver.told.map(({ seq }) => seq)
    expect(told).toEqual(told.map((_, n) => n + 1))
    expect(driver.id).toBe(driverId)
  })

  it('[FT33] an event loop that is blocked for seconds loses nobody', async () => {
    const [first] = await twoNodes()
    const clients = await Promise.all(
      Array.from({ length: 20 }, async () => phoneOf('customer', await fleet.people.addCustomer())),
    )
    const changes: string[] = []
    for (const { toota } of clients) toota.live.on('connection', ({ state }) => changes.push(state))
    process.kill(first.pid, 'SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    process.kill(first.pid, 'SIGCONT')
    expect((await fetch(`${first.baseUrl}/healthz`)).status).toBe(200)
    expect((await clients[0]!.toota.trips.list()).trips).toEqual([])
    expect(changes).toEqual([])
  })

  it.skipIf(!libfaketime)(
    '[FT34] clocks two hours off decide nothing: offers end by the clock of the database (skipped without libfaketime)',
    async () => {
      const { people } = fleet
      for (const FAKETIME of ['-2h', '+2h']) {
        const node = await fleet.start({ LD_PRELOAD: libfaketime!, FAKETIME })
        const call = createApiClient({ address: node.baseUrl })
        const [driverId, idle] = [await people.addDriver(), await people.addDriver()]
        const [token, idleToken] = [await tokenBy(node, driverId), await tokenBy(node, idle)]
        const customerId = await people.addCustomer()
        const { id: tripId } = await people.requestTrip(customerId)
        const offerId = await people.offer(customerId, tripId, driverId)
        const accepted = await call('POST', `/offers/${offerId}/acceptance`, { token, key: randomUUID() })
        expect(accepted.status).toBe(200)
        const step = { token, body: { status: 'en_route' } }
        expect((await call('POST', `/trips/${tripId}/status`, step)).status).toBe(200)

        const other = await people.requestTrip(customerId)
        const open = await people.offer(customerId, other.id, idle)
        const opened = performance.now()
        await until(async () => {
          const query = database.db.single.selectFrom('offer').select('state').where('id', '=', open)
          return (await query.executeTakeFirst())?.state === 'expired'
        })
        // Not at once, as a clock ahead would have it, nor after two hours.
        expect(performance.now() - opened).toBeGreaterThan(OFFER_SECONDS * 900)
        const tooLate = { token: idleToken, key: randomUUID() }
        expect((await call('POST', `/offers/${open}/acceptance`, tooLate)).body['code']).toBe('offer-closed')
        await node.kill()
      }
    },
  )

  it.skipIf(!hasPrlimit)(
    '[FT35] without a file descriptor left, those who are there stay, and others get in again later (skipped without prlimit)',
    async () => {
      const node = await fleet.start()
      const token = await fleet.people.signIn(await fleet.people.addCustomer())
      const old = await connect(node, token)
      const used = Number(execFileSync('sh', ['-c', `ls /proc/${node.pid}/fd | wc -l`]).toString())
      execFileSync('prlimit', ['--pid', String(node.pid), `--nofile=${used + 10}:${used + 10}`])
      const crowd = Array.from(
        { length: 40 },
        () => new WebSocket(`${node.baseUrl.replace('http', 'ws')}/v1/live`),
      )
      for (const socket of crowd) socket.on('error', () => undefined)
      await until(() =>
        Promise.resolve(crowd.filter(({ readyState }) => readyState === WebSocket.OPEN).length > 4),
      )
      old.send({ t: 'watch', tripId: randomUUID() })
      await old.find({ t: 'problem' })
      for (const socket of crowd) socket.terminate()
      await until(async () => {
        const answer = await createApiClient({ address: node.baseUrl })('GET', '/me', { token }).catch(
          () => undefined,
        )
        return answer?.status === 200
      })
      expect(old.isOpen()).toBe(true)
      await node.kill()
    },
  )
})
