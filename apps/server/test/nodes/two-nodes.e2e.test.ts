import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startNodes, type Nodes } from '../nodes.ts'
import { findRedisServer, NO_REDIS, startRedisServer, type RedisServer } from '../redis-server.ts'
import { createTestDatabase, type TestDatabase } from '../test-database.ts'
import { openTestSocket } from '../test-socket.ts'

let database: TestDatabase
let redis: RedisServer
let fleet: Nodes
const hasRedis = (await findRedisServer()) !== undefined
beforeAll(async () => {
  if (!hasRedis) return
  database = await createTestDatabase()
  redis = await startRedisServer()
  fleet = await startNodes({ databaseUrl: database.url, redisUrl: redis.url, count: 2 })
})
afterAll(async () => {
  if (!hasRedis) return
  await fleet.close()
  await redis.stop()
  await database.drop()
})

describe.skipIf(!hasRedis)(`two nodes (skipped where there is ${NO_REDIS})`, () => {
  it('[NW2] an account hears on one what another did on the other', async () => {
    const [here, there] = [fleet.nodes[0]!, fleet.nodes[1]!]
    const { people } = fleet
    const customerId = await people.addCustomer()
    const driverId = await people.addDriver()
    const token = await people.signIn(driverId)
    const trip = await people.requestTrip(customerId)
    const offerId = await people.offer(customerId, trip.id, driverId)

    const url = `${here.baseUrl.replace('http', 'ws')}/v1/live`
    const customer = await openTestSocket(url, await people.signIn(customerId))
    customer.send({ t: 'hello', v: 1 })
    await customer.find({ t: 'welcome' })
    const answer = await fetch(`${there.baseUrl}/v1/offers/${offerId}/acceptance`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() },
    })
    expect(answer.status).toBe(200)
    expect(await customer.find({ kind: 'trip.changed' })).toMatchObject({ data: { tripId: trip.id } })
    customer.close()
  })
})
