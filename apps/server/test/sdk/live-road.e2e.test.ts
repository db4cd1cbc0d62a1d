import { createMirror, createToota, type Mirror, type Toota, type TootaOptions } from '@toota/sdk'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { sql } from 'kysely'
import { startFaultProxy, type FaultProxy } from '../faults/fault-proxy.ts'
import { startLiveServer, type LiveServer } from '../live-server.ts'
import { TRIP } from './far-api.ts'
import { join, joinAsDriver, PASSWORD } from './people.ts'

const until = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 25_000, interval: 50 })

function storageOf(): NonNullable<TootaOptions['storage']> & {
  read: (key: string) => string | undefined
} {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
    read: (key) => items.get(key),
  }
}

describe('the live client of the SDK on a bad road', () => {
  let server: LiveServer
  let proxy: FaultProxy
  let road: string
  const people: Toota[] = []
  beforeAll(async () => {
    server = await startLiveServer()
    proxy = await startFaultProxy({ upstream: { port: Number(new URL(server.address).port) } })
    road = `http://127.0.0.1:${proxy.port}`
  })
  afterAll(async () => {
    for (const { live } of people) live.close()
    await proxy.close()
    await server.close()
  })

  /** A customer whose connection goes over the road; `home` is she too, without it. */
  const customer = async (options: Partial<TootaOptions> = {}) => {
    const { toota, email } = await join(server, 'customer', { baseUrl: road, ...options })
    const home = createToota({ baseUrl: server.address, WebSocket })
    await home.account.signIn({ role: 'customer', email, password: PASSWORD })
    people.push(toota)
    return { toota, home }
  }

  /** A driver over the road who has a trip of `home`. */
  const driverWithTrip = async (home: Toota, options: Partial<TootaOptions> = {}) => {
    const driver = await joinAsDriver(server, { baseUrl: road, ...options })
    people.push(driver)
    const trip = await home.trips.request(TRIP)
    await home.trips.payInCash(trip.id)
    await vi.waitFor(() => home.trips.offer(trip.id, driver.account.identity?.accountId ?? ''), 5_000)
    const [offer] = await driver.driving.openOffers()
    await driver.driving.accept(offer!)
    return { driver, tripId: trip.id }
  }

  /** A trip is told with its first change. */
  const equalsRest = async ({ state }: Mirror, home: Toota): Promise<void> => {
    const { trips } = await home.trips.list({ limit: 100 })
    const pick = ({ id, status, version }: { id: string; status: string; version: number }) =>
      `${id} ${status} ${version}`
    const changed = trips.filter(({ version }) => version > 1)
    expect([...state.trips.values()].map(pick).sort()).toEqual(changed.map(pick).sort())
  }

  it(
    '[SK20, SK36] whatever happens to the connection, nothing is missed and nothing is told twice',
    { timeout: 60_000 },
    async () => {
      const { toota, home } = await customer({ random: () => 0.1 })
      const mirror = createMirror(toota.live)
      const faults: string[] = []
      await toota.live.connect()
      let last = toota.live.position?.seq ?? NaN
      toota.live.on('event', ({ seq }) => {
        if (seq !== last + 1) faults.push(`${seq} after ${last}`)
        last = seq
      })
      const troubles: (() => Promise<void> | void)[] = [
        () => undefined,
        () => proxy.cut(),
        () => proxy.down(),
        () => proxy.lines().forEach((line) => line.freeze()),
        () => void proxy.add('downstream', { type: 'timeout', ms: 0 }),
      ]
      for (const trouble of [...troubles, ...troubles]) {
        const first = await home.trips.request(TRIP)
        await trouble()
        await home.trips.payInCash(first.id)
        const second = await home.trips.request(TRIP)
        await home.trips.cancel(first.id)
        await proxy.up()
        if (proxy.faults().length > 0 || toota.live.state === 'open') toota.live.networkChanged()
        proxy.heal()
        await until(() => equalsRest(mirror, home))
        await home.trips.cancel(second.id)
      }
      await until(() => equalsRest(mirror, home))
      expect(faults).toEqual([])
    },
  )

  it(
    '[SK37] what the server has done before its answer was lost is done once',
    { timeout: 60_000 },
    async () => {
      const { home } = await customer()
      const { driver, tripId } = await driverWithTrip(home)
      await driver.driving.reportStatus(tripId, 'arrived_pickup')
      proxy.add('downstream', { type: 'timeout', ms: 0 })
      const cash = driver.driving.receiveCash(tripId, { receivedMinor: 123_400 })
      await until(async () =>
        expect((await home.trips.get(tripId)).payment).toMatchObject({ receivedMinor: 123_400 }),
      )
      expect(driver.live.pendingCommands).toMatchObject([{ op: 'receiveCash' }])
      proxy.cut()
      proxy.heal()
      expect(await cash).toMatchObject({ receivedMinor: 123_400 })
      driver.live.close()
    },
  )

  it(
    '[SK38] what a driver did in a tunnel arrives when the program was killed there',
    { timeout: 60_000 },
    async () => {
      const { home } = await customer()
      const storage = storageOf()
      const { driver, tripId } = await driverWithTrip(home, { storage })
      await proxy.down()
      await until(() => expect(driver.live.state).not.toBe('open'))
      const said = [
        ...(['en_route', 'arrived_pickup'] as const).map((status) =>
          driver.driving.reportStatus(tripId, status),
        ),
        driver.driving.receiveCash(tripId),
        ...(['loaded', 'in_transit', 'arrived_dest', 'completed'] as const).map((status) =>
          driver.driving.reportStatus(tripId, status),
        ),
      ]
      for (const each of said) each.catch(() => undefined)
      await until(() => expect(JSON.parse(storage.read('toota.outbox') ?? '[]')).toHaveLength(7))
      driver.live.close()

      const next = createToota({ baseUrl: road, WebSocket, storage })
      people.push(next)
      const outcomes: boolean[] = []
      next.live.on('command', ({ ok }) => outcomes.push(ok))
      const connecting = next.live.connect()
      await proxy.up()
      await connecting
      await until(() => expect(outcomes).toEqual(said.map(() => true)))
      expect(await home.trips.get(tripId)).toMatchObject({
        status: 'completed',
        payment: { status: 'success' },
      })
      await until(() => expect(storage.read('toota.outbox')).toBeUndefined())
    },
  )

  it(
    '[SK34] the way through a tunnel is in the trail of the trip afterwards',
    { timeout: 60_000 },
    async () => {
      const { home } = await customer()
      let aheadMs = 0
      const now = (): number => Date.now() + aheadMs
      const { driver, tripId } = await driverWithTrip(home, { now })
      await proxy.down()
      await until(() => expect(driver.live.state).not.toBe('open'))
      const latitudes = [-26.205, -26.206, -26.207, -26.208]
      for (const latitude of latitudes) {
        aheadMs += 10_000
        expect(driver.live.reportPosition({ latitude, longitude: 28.0473 })).toBe(false)
      }
      await proxy.up()
      await until(async () => {
        const { points } = await home.trips.trail(tripId)
        expect(points.map((point) => point.latitude)).toEqual(expect.arrayContaining(latitudes))
      })
      driver.live.close()
    },
  )

  it(
    '[SK26] begins with the state, and begins anew where events are numbered anew',
    { timeout: 60_000 },
    async () => {
      const { toota, home } = await customer()
      const trip = await home.trips.request(TRIP)
      const mirror = createMirror(toota.live)
      const synced = toota.live.next('snapshot')
      await toota.live.connect({ snapshot: true })
      await synced
      expect([...mirror.state.trips.values()]).toMatchObject([{ id: trip.id, status: 'pending', version: 1 }])

      toota.live.close()
      await home.trips.cancel(trip.id)
      const other = await home.trips.request(TRIP)
      const again = toota.live.next('snapshot')
      await sql`update stream_epoch set id = gen_random_uuid()`.execute(server.db.single)
      await toota.live.connect()
      expect(await again).toMatchObject({ reason: 'epoch' })
      expect([...mirror.state.trips.keys()]).toEqual([other.id])
    },
  )

  it(
    '[SK28] another network is used at once, long before the silence of the old one is noticed',
    { timeout: 60_000 },
    async () => {
      const { toota, home } = await customer()
      await toota.live.connect()
      proxy.lines().forEach((line) => line.freeze())
      const changed = toota.live.next('trip.changed', ({ data }) => data.status === 'cancelled')
      await home.trips.cancel((await home.trips.request(TRIP)).id)
      toota.live.networkChanged()
      await changed
      proxy.heal()
    },
  )

  it('[SK33] a program that was killed hears what happened meanwhile', { timeout: 60_000 }, async () => {
    const storage = storageOf()
    const { toota, home } = await customer({ storage, keepsPosition: true })
    await toota.live.connect()
    const heard = toota.live.next('trip.changed')
    await home.trips.cancel((await home.trips.request(TRIP)).id)
    await heard
    await until(() => expect(storage.read('toota.position')).toBeDefined())
    toota.live.close()
    const trip = await home.trips.request(TRIP)
    await home.trips.cancel(trip.id)

    const next = createToota({ baseUrl: road, WebSocket, storage, keepsPosition: true })
    people.push(next)
    const told = next.live.next('trip.changed')
    await next.live.connect()
    expect(await told).toMatchObject({ data: { tripId: trip.id, status: 'cancelled' } })
  })
})
