import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountId } from '../../src/kernel/index.ts'
import { startNodes, type Node, type Nodes } from '../nodes.ts'
import { findRedisServer, NO_REDIS, startRedisServer, type RedisServer } from '../redis-server.ts'
import { createTestDatabase, type TestDatabase } from '../test-database.ts'
import { openTestSocket } from '../test-socket.ts'
import { call, enrolPair, keepReporting, live, type Ack, type Pair } from './pairs.ts'

const hasRedis = (await findRedisServer()) !== undefined
const PAIRS = 4
const PATIENCE = { timeout: 20_000, interval: 50 }

let database: TestDatabase
let redis: RedisServer
let fleet: Nodes
const hang: (() => void)[] = []

const living = (): Node[] => fleet.nodes.filter((node) => !node.hasEnded())
const anyNode = (): Node => living()[Math.floor(Math.random() * living().length)]!
const nodeAt = (n: number): Node => fleet.nodes[n]!

describe.skipIf(!hasRedis)(
  `three nodes, one database, one Redis (skipped where there is ${NO_REDIS})`,
  () => {
    beforeAll(async () => {
      database = await createTestDatabase()
      redis = await startRedisServer()
      fleet = await startNodes({
        databaseUrl: database.url,
        redisUrl: redis.url,
        count: 3,
        settings: { OFFER_TIMEOUT_SECONDS: '2' },
      })
    }, 120_000)
    afterAll(async () => {
      for (const end of hang) end()
      await fleet.close()
      await redis.stop()
      await database.drop()
    })

    it('[LV16] a device that comes back at one node loses its older socket at the other', async () => {
      const token = await fleet.people.signIn(await fleet.people.addCustomer())
      const connect = async (n: number, device: string) => {
        const socket = await openTestSocket(`${nodeAt(n).baseUrl.replace('http', 'ws')}/v1/live`, token)
        socket.send({ t: 'hello', v: 1, device })
        await socket.find({ t: 'welcome' })
        return socket
      }
      const [phone, tablet] = [await connect(0, 'phone'), await connect(0, 'tablet')]
      const newer = await connect(1, 'phone')
      expect(await phone.closed()).toBe(4505)
      expect([tablet.isOpen(), newer.isOpen()]).toEqual([true, true])
      for (const socket of [tablet, newer]) socket.close()
    })

    it('[ND1] a driver at one node is found, asked and followed by a customer at another', async () => {
      const pair = await enrolPair(
        fleet,
        () => nodeAt(1),
        () => nodeAt(0),
      )
      const stop = keepReporting(pair)
      hang.push(
        () => pair.customer.close(),
        () => pair.driver.close(),
        stop,
      )
      const at = (): Node => nodeAt(1)
      const { customer, driver } = pair.tokens
      const nearby = () => call(at, customer, 'GET', '/drivers?latitude=-26.2041&longitude=28.0473')
      await expect.poll(async () => (await nearby()).body['drivers'], PATIENCE).toHaveLength(1)

      const acks: Ack[] = []
      await live(pair, anyNode, (ack) => acks.push(ack))
      expect(acks.map(({ what }) => what)).toEqual(['accepted', 'cancelled'])
      await expect
        .poll(() => pair.driver.events.map(({ kind }) => kind), PATIENCE)
        .toEqual(expect.arrayContaining(['offer.opened', 'trip.changed']))

      // An offer that nobody answers is ended by whichever node sweeps.
      const trip = await fleet.people.requestTrip(pair.customerId)
      const offers = `/trips/${trip.id}/offers`
      await expect
        .poll(
          async () => (await call(at, customer, 'POST', offers, { driverId: pair.driverId })).status,
          PATIENCE,
        )
        .toBe(201)
      const before = pair.driver.events.length
      await expect
        .poll(
          () => pair.driver.events.slice(before).some((event) => event['kind'] === 'offer.ended'),
          PATIENCE,
        )
        .toBe(true)

      // The next one is accepted, and the customer watches him come.
      await expect
        .poll(
          async () => (await call(at, customer, 'POST', offers, { driverId: pair.driverId })).status,
          PATIENCE,
        )
        .toBe(201)
      const { body } = await call(() => nodeAt(2), driver, 'GET', '/offers')
      const offerId = (body['offers'] as { id: string }[])[0]!.id
      expect((await call(() => nodeAt(2), driver, 'POST', `/offers/${offerId}/acceptance`)).status).toBe(200)
      await expect
        .poll(() => {
          pair.customer.send({ t: 'watch', tripId: trip.id })
          return pair.customer.locs.some((loc) => loc['tripId'] === trip.id)
        }, PATIENCE)
        .toBe(true)
      await call(at, customer, 'POST', `/trips/${trip.id}/cancellation`, {})
      stop()
    })

    it('[ND2] a node that is killed under load takes nothing with it that was answered or told', async () => {
      const pairs: Pair[] = []
      for (let n = 0; n < PAIRS; n++) pairs.push(await enrolPair(fleet, anyNode, anyNode))
      const stops = pairs.map(keepReporting)
      hang.push(
        ...stops,
        ...pairs.flatMap(({ customer, driver }) => [() => customer.close(), () => driver.close()]),
      )
      const acks: Ack[] = []
      let isOver = false
      const lives = pairs.map(async (pair) => {
        while (!isOver) await live(pair, anyNode, (ack) => acks.push(ack))
      })
      const ears = pairs.flatMap(({ customer, driver }) => [customer, driver])
      const untilMoreAcks = (count: number) => {
        const wanted = acks.length + count
        return expect.poll(() => acks.length, PATIENCE).toBeGreaterThanOrEqual(wanted)
      }

      await untilMoreAcks(PAIRS)
      for (const victim of [nodeAt(0), nodeAt(1)]) {
        await victim.kill()
        await untilMoreAcks(PAIRS)
        await fleet.start()
      }
      await untilMoreAcks(PAIRS)
      isOver = true
      await Promise.all(lives)

      // Everybody came back, and soon.
      const breaks = ears.flatMap(({ breaksMs }) => breaksMs)
      expect(breaks.length).toBeGreaterThan(0)
      expect(Math.max(...breaks)).toBeLessThanOrEqual(5_000)
      // Nothing that was told is missing, and nothing is told twice.
      for (const pair of pairs)
        for (const [ear, accountId] of [
          [pair.customer, pair.customerId],
          [pair.driver, pair.driverId],
        ] as const) {
          const length = await streamLength(accountId)
          await expect.poll(() => ear.seqs, PATIENCE).toEqual(Array.from({ length }, (_, n) => n + 1))
        }
      // Nothing that was answered is lost.
      for (const { tripId, what, driverId } of acks) {
        const { rows } = await sql<{ status: string; driver_id: string | null }>`
        select status, driver_id from trip where id = ${tripId}`.execute(fleet.db.single)
        if (what === 'cancelled') expect(rows[0]?.status).toBe('cancelled')
        else expect(rows[0]?.driver_id).toBe(driverId)
      }
      console.log(`${acks.length} acknowledged, breaks up to ${Math.round(Math.max(...breaks))} ms`)
    }, 120_000)
  },
)

async function streamLength(accountId: AccountId): Promise<number> {
  const { rows } = await sql<{ seq: number }>`select seq from stream where account_id = ${accountId}`.execute(
    fleet.db.single,
  )
  return rows[0]?.seq ?? 0
}
