/** The whole server in a process of its own, with people in it: `startApp` starts it. */
import { createApp } from '../apps/server/src/app.ts'
import { acceptOffer } from '../apps/server/src/features/trips/index.ts'
import { loadConfig } from '../apps/server/src/config.ts'
import type { CustomerId, DriverId } from '../apps/server/src/kernel/index.ts'
import { openDatabase } from '../apps/server/src/platform/database/index.ts'
import { createLogger } from '../apps/server/src/platform/log.ts'
import { createPeople } from '../apps/server/test/people.ts'
import { listenBelowClients, reportToParent, type Pair } from './child-process.ts'
import { inParts } from './in-parts.ts'
import type { AppOptions } from './start-app.ts'
import { noteStatements } from './statements.ts'

const { url, pairs, withTrips, notesStatements, testGatewayUrl, environment } = JSON.parse(
  process.argv[2] ?? '{}',
) as AppOptions
const config = loadConfig('/', {
  DATABASE_URL: url,
  DEBUG: 'true',
  SECRET_KEY: 'a-secret-key-of-benchmarks-that-is-long-enough',
  MAX_OPEN_TRIPS: '100',
  // One account works for a whole city here.
  LIMIT_REQUESTS: '9999999/60',
  LIMIT_SEARCHES: '9999999/60',
  LIMIT_FRAMES: '9999999/60',
  ...environment,
})
const takeStatements = notesStatements ? noteStatements() : () => []
const db = openDatabase({ url, poolSize: config.database.poolSize })
const app = await createApp(config, db, createLogger('error'), testGatewayUrl)
const address = await listenBelowClients((port) => app.http.listen({ host: '127.0.0.1', port }))
const people = createPeople(app.platform)

const crowdedCustomerId = await people.addCustomer()

async function addPair(): Promise<Pair> {
  const driverId = await people.addDriver()
  const customerId = withTrips ? crowdedCustomerId : await people.addCustomer()
  return {
    driverId,
    driverToken: await people.signIn(driverId),
    customerToken: await people.signIn(customerId),
    ...(withTrips && { tripId: await startTrip(customerId, driverId) }),
  }
}

async function startTrip(customerId: CustomerId, driverId: DriverId): Promise<string> {
  const { id } = await people.requestTrip(customerId)
  await acceptOffer(app.platform, driverId, await people.offer(customerId, id, driverId))
  return id
}

const AT_ONCE = 10
const made = await inParts([...Array(pairs).keys()], AT_ONCE, addPair)
reportToParent({ address, pairs: made }, { statements: takeStatements })
