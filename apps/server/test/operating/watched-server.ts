import { acceptOffer, advanceTrip, cancelTrip, rejectOffer } from '../../src/features/trips/index.ts'
import { startMetricsServer } from '../../src/platform/metrics-server.ts'
import { freePort } from '../server-process.ts'
import { startLiveServer } from '../live-server.ts'
import { scrape } from './scrape.ts'

/** A server whose metrics are served, and that has seen a bit of everything. */
export async function startWatchedServer() {
  const server = await startLiveServer(
    {},
    {
      PAYSTACK_SECRET_KEY: 'sk_test_0123456789abcdef0123456789abcdef01234567',
      PAYSTACK_BASE_URL: `http://127.0.0.1:${await freePort()}`,
    },
  )
  const metrics = await startMetricsServer(server.platform.metrics, { host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${metrics.port}/metrics`
  return {
    server,
    url,
    scrape: () => scrape(url),
    async close() {
      await metrics.close()
      await server.close()
    },
  }
}

export type WatchedServer = Awaited<ReturnType<typeof startWatchedServer>>

/** One trip that a first driver rejects and a second one begins to drive, and one that its customer cancels. */
export async function liveThroughTrips({ server }: WatchedServer) {
  const { platform } = server
  const customer = await server.addCustomer()
  const [first, second] = [await server.addDriver(), await server.addDriver()]
  const trip = await server.requestTrip(customer)
  await rejectOffer(platform, first, await server.offer(customer, trip.id, first))
  await acceptOffer(platform, second, await server.offer(customer, trip.id, second))
  await advanceTrip(platform, second, trip.id, 'en_route')

  const other = await server.requestTrip(customer)
  await server.offer(customer, other.id, first)
  await cancelTrip(platform, other.id, { role: 'customer', accountId: customer })
  return { customer, first, second, trip }
}
