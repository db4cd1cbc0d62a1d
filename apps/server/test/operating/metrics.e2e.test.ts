import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { insertNews } from '../../src/platform/news-table.ts'
import type { Sample } from './scrape.ts'
import { valueOf } from './scrape.ts'
import { liveThroughTrips, startWatchedServer, type WatchedServer } from './watched-server.ts'

describe('metrics of a running server', () => {
  let watched: WatchedServer
  beforeAll(async () => {
    watched = await startWatchedServer()
  })
  afterAll(() => watched.close())

  /** Waits until the metrics say so. */
  const until = (look: (samples: Sample[]) => void) =>
    vi.waitFor(async () => look(await watched.scrape()), { timeout: 8_000, interval: 100 })

  it('[OP42] count what happened to offers and trips, each change once', async () => {
    await liveThroughTrips(watched)
    const samples = await watched.scrape()
    const offers = (state: string) => valueOf(samples, 'toota_offers_total', { state })
    expect(['opened', 'accepted', 'rejected', 'withdrawn', 'expired'].map(offers)).toEqual([3, 1, 1, 1, 0])
    const trips = (status: string) => valueOf(samples, 'toota_trip_changes_total', { status })
    expect(['accepted', 'en_route', 'cancelled'].map(trips)).toEqual([1, 1, 1])
    const answers = (answer: string) => valueOf(samples, 'toota_offer_answer_seconds_count', { answer })
    expect(['accepted', 'rejected'].map(answers)).toEqual([1, 1])
  })

  it('[OP42] count what was rolled back nowhere', async () => {
    const { server } = watched
    const before = valueOf(await watched.scrape(), 'toota_offers_total', { state: 'opened' })
    const customer = await server.addCustomer()
    const [driver, other] = [await server.addDriver(), await server.addDriver()]
    const trip = await server.requestTrip(customer)
    await server.offer(customer, trip.id, driver)
    await expect(server.offer(customer, trip.id, other)).rejects.toMatchObject({ code: 'offer-pending' })
    expect(valueOf(await watched.scrape(), 'toota_offers_total', { state: 'opened' })).toBe((before ?? 0) + 1)
  })

  it('[OP43] tell sockets, messages, fixes and followers', async () => {
    const { server } = watched
    const token = await server.signIn(await server.addDriver())
    const socket = await server.connect('/ws/driver/location/', token)
    socket.send({ latitude: -26.2, longitude: 28.04 })
    socket.send({ latitude: 91, longitude: 28.04 })
    await until((samples) => {
      const kind = 'driver location'
      expect(valueOf(samples, 'toota_sockets', { kind })).toBe(1)
      expect(valueOf(samples, 'toota_frames_total', { kind, direction: 'in' })).toBe(2)
      expect(valueOf(samples, 'toota_frames_total', { kind, direction: 'out' })).toBeGreaterThanOrEqual(2)
      expect(valueOf(samples, 'toota_fixes_total', { outcome: 'taken' })).toBe(1)
      expect(valueOf(samples, 'toota_fixes_total', { outcome: 'implausible' })).toBe(1)
      expect(valueOf(samples, 'toota_followers')).toBe(1)
    })
    socket.close()
    await until((samples) => {
      expect(valueOf(samples, 'toota_sockets', { kind: 'driver location' })).toBe(0)
      expect(valueOf(samples, 'toota_followers')).toBe(0)
    })
  })

  it('[OP44] tell how late news of another process was told', async () => {
    const { server } = watched
    const customer = await server.addCustomer()
    const heard: string[] = []
    const stop = await server.platform.news.listen(customer, (news) => heard.push(news.kind))
    // Another process's write, as this one sees it: committed, and no wake-up.
    await server.db.transaction((tx) => insertNews(tx, [{ accountId: customer, kind: 'test', data: {} }]))
    await until((samples) => {
      expect(heard).toEqual(['test'])
      expect(valueOf(samples, 'toota_stream_lag_seconds_count')).toBeGreaterThanOrEqual(1)
      expect(valueOf(samples, 'toota_stream_told_total', { by: 'table' })).toBeGreaterThanOrEqual(1)
    })
    stop()
  })

  it('[OP44] tell what came of clients that wanted to go on', async () => {
    const { server } = watched
    const token = await server.signIn(await server.addCustomer())
    await server.request('GET', '/v1/sync?epoch=of-another-database&seq=3', { token })
    const { body } = await server.request('GET', '/v1/sync', { token })
    await server.request('GET', `/v1/sync?epoch=${String(body['epoch'])}&seq=0`, { token })
    const outcomes = (samples: Sample[]) =>
      ['epoch', 'replayed'].map((outcome) => valueOf(samples, 'toota_resumes_total', { outcome }))
    expect(outcomes(await watched.scrape())).toEqual([1, 1])
  })

  it('[OP45] tell the pool, its statements, requests, sweeps, gateways and the disk', async () => {
    const { server } = watched
    expect((await server.request('GET', '/v1/trips/not-an-id')).status).toBe(401)
    await server.platform.gateways.named('paystack')?.verifyPayment({ reference: 'unknown', gatewayId: null })
    await until((samples) => {
      expect(
        valueOf(samples, 'toota_http_requests_total', { route: '/v1/trips/:tripId', status: '401' }),
      ).toBe(1)
      const paystack = { gateway: 'paystack', op: 'verifyPayment', outcome: 'unknown' }
      expect(valueOf(samples, 'toota_gateway_seconds_count', paystack)).toBe(1)
      expect(valueOf(samples, 'toota_gateway_resting', { gateway: 'paystack' })).toBe(0)
      expect(valueOf(samples, 'toota_database_pool_size')).toBe(10)
      expect(valueOf(samples, 'toota_database_waiting')).toBe(0)
      expect(valueOf(samples, 'toota_database_query_seconds_count')).toBeGreaterThan(50)
      expect(valueOf(samples, 'toota_database_transactions_total', { outcome: 'committed' })).toBeGreaterThan(
        5,
      )
      expect(
        valueOf(samples, 'toota_sweep_runs_total', { sweep: 'expire-offers', outcome: 'done' }),
      ).toBeGreaterThan(0)
      expect(valueOf(samples, 'toota_disk_free_bytes')).toBeGreaterThan(0)
      expect(valueOf(samples, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)
      expect(valueOf(samples, 'toota_build_info')).toBe(1)
    })
  })

  it('[OP46] tell how long due work has been waiting', async () => {
    const { server } = watched
    const trip = await server.requestTrip(await server.addCustomer())
    const lag = (samples: Sample[]) => valueOf(samples, 'toota_due_work_lag_seconds', { work: 'quotes' })
    expect(lag(await watched.scrape())).toBe(0)
    await sql`update trip set quote_expires_at = clock_timestamp() + interval '300 ms' where id = ${trip.id}`.execute(
      server.db.single,
    )
    await server.db.transaction(async (tx) => {
      // Held, so that no sweep takes it when it is due.
      await sql`select 1 from trip where id = ${trip.id} for update`.execute(tx)
      await until((samples) => expect(lag(samples)).toBeGreaterThan(0.2))
    })
  })

  it('[OP41] hold no id, address or token', async () => {
    await liveThroughTrips(watched)
    const text = await (await fetch(watched.url)).text()
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
    expect(text).not.toMatch(/@|Bearer|sk_test/)
  })

  it('[OP47] are served at /metrics alone, by reading', async () => {
    const statusOf = async (path: string, method = 'GET') =>
      (await fetch(new URL(path, watched.url), { method })).status
    expect(await statusOf('/')).toBe(404)
    expect(await statusOf('/metrics', 'POST')).toBe(405)
    expect((await fetch(`${watched.server.address}/metrics`)).status).toBe(404)
  })
})
