/** The whole server in a process of its own, with people in it: `fork(this, [databaseUrl, pairs, testGatewayUrl?])`. */
import { createApp } from '../apps/server/src/app.ts'
import { loadConfig } from '../apps/server/src/config.ts'
import { openDatabase } from '../apps/server/src/platform/database/index.ts'
import { createLogger } from '../apps/server/src/platform/log.ts'
import { createPeople } from '../apps/server/test/people.ts'
import { answerCpuUsage, type Pair } from './child-process.ts'

const [, , url = '', pairs = '1', testGatewayUrl] = process.argv
const config = loadConfig('/', {
  DATABASE_URL: url,
  DEBUG: 'true',
  SECRET_KEY: 'a-secret-key-of-benchmarks-that-is-long-enough',
  MAX_OPEN_TRIPS: '100',
  // One account works for a whole city here.
  LIMIT_REQUESTS: '9999999/60',
  LIMIT_SEARCHES: '9999999/60',
  LIMIT_FRAMES: '9999999/60',
})
const db = openDatabase({ url, poolSize: config.database.poolSize })
const app = await createApp(config, db, createLogger('error'), testGatewayUrl)
const address = await app.http.listen({ host: '127.0.0.1', port: 0 })
const people = createPeople(app.platform)

const made: Pair[] = []
for (let n = 0; n < Number(pairs); n++) {
  const [driverId, customerId] = [await people.addDriver(), await people.addCustomer()]
  made.push({
    driverId,
    driverToken: await people.signIn(driverId),
    customerToken: await people.signIn(customerId),
  })
}
answerCpuUsage()
process.send?.({ address, pairs: made })
