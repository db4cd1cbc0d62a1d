import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { at, CITY, describePositions, FREE, idsOf, NOW } from '../../test/positions-contract.ts'
import { findRedisServer, NO_REDIS, startRedisServer, type RedisServer } from '../../test/redis-server.ts'
import { newId, type CustomerId, type DriverId, type Point } from '../kernel/index.ts'
import { createMemoryPositions } from './positions-memory.ts'
import { createSharedPositions, type SharedPositions } from './positions-shared.ts'
import type { Positions } from './positions.ts'
import { openRedis, type RedisLink } from './redis/redis-link.ts'
import { parseRedisUrl } from './redis/redis-target.ts'

const hasRedis = (await findRedisServer()) !== undefined
const MARKETS = ['ZA', 'NG'] as const
const LAGOS: Point = { latitude: 6.5, longitude: 3.4 }
const around = { radiusMeters: 50_000, limit: 20, classes: [], now: NOW } as const

type Node = { readonly positions: SharedPositions; readonly link: RedisLink; stop(): void }

let redis: RedisServer
const clock = { now: NOW }
const open: Node[] = []

async function startNode(url = redis.url): Promise<Node> {
  const link = openRedis(parseRedisUrl(url)!, pino({ level: 'silent' }))
  const positions = createSharedPositions(createMemoryPositions(), {
    link,
    markets: MARKETS,
    marketAt: ({ latitude }) => (latitude > 0 ? 'NG' : 'ZA'),
    now: () => clock.now,
    log: pino({ level: 'silent' }),
  })
  const stop = (): void => {
    positions.close()
    link.close()
  }
  const node = { positions, link, stop }
  open.push(node)
  await positions.restored
  return node
}

/** What `here` has told so far is known `there`: a later fix in each market is. */
async function agree(here: Positions, there: Positions): Promise<void> {
  const marks = [CITY, LAGOS].map((point) => {
    const driverId = newId<DriverId>()
    here.report(driverId, at(point))
    return driverId
  })
  await expect.poll(() => marks.every((each) => there.lastFix(each)), { timeout: 5_000 }).toBe(true)
}

describe.skipIf(!hasRedis)(`positions of several nodes (skipped where there is ${NO_REDIS})`, () => {
  beforeAll(async () => {
    redis = await startRedisServer()
  })
  afterAll(() => redis.stop())
  beforeEach(async () => {
    await redis.command('FLUSHALL')
  })
  afterEach(() => {
    for (const node of open.splice(0)) node.stop()
  })

  describePositions('as those of one', async () => {
    const [here, there] = [(await startNode()).positions, (await startNode()).positions]
    return { here, there, agree: () => agree(here, there), close: () => Promise.resolve() }
  })

  it('[PO20] a fix is taken over with all that is in it, and told to the followers there', async () => {
    const [a, b] = [(await startNode()).positions, (await startNode()).positions]
    const driverId = newId<DriverId>()
    const heard: unknown[] = []
    b.follow(driverId, (fix) => heard.push([fix, b.listing(driverId)?.engagedWith]))
    const customerId = newId<CustomerId>()
    const fix = { ...at(CITY), headingDegrees: 90, accuracyMeters: 5 }
    a.list(driverId, { ...FREE, engagedWith: customerId })
    a.report(driverId, fix)
    await expect.poll(() => heard).toEqual([[fix, customerId]])
    expect([a.isElsewhere(driverId), b.isElsewhere(driverId)]).toEqual([false, true])
  })

  it('[PO21] what another node told never moves a driver back, nor overrules the node he reports to', async () => {
    const [a, b] = [(await startNode()).positions, (await startNode()).positions]
    const driverId = newId<DriverId>()
    a.list(driverId, FREE)
    a.report(driverId, at(CITY, 10))
    await agree(a, b)
    // He comes to B, while A still tells of him.
    b.list(driverId, { ...FREE, vehicleClass: 'truck-4t' })
    b.report(driverId, at(LAGOS, 5))
    a.list(driverId, { ...FREE, isApproved: false })
    await agree(a, b)
    expect(b.lastFix(driverId)).toEqual(at(LAGOS, 5))
    expect(b.listing(driverId)).toEqual({ ...FREE, vehicleClass: 'truck-4t' })
    await agree(b, a)
    expect(a.lastFix(driverId)).toEqual(at(LAGOS, 5))
    expect(a.listing(driverId)).toEqual({ ...FREE, vehicleClass: 'truck-4t' })
    expect([a.isElsewhere(driverId), b.isElsewhere(driverId)]).toEqual([true, false])
  })

  it('[PO23] a node that cannot hear the others knows that it does not see all', async () => {
    const { positions, link } = await startNode()
    expect(positions.seesAll()).toBe(false)
    clock.now = NOW + 10_000
    expect(positions.seesAll()).toBe(true)
    await redis.kill()
    await expect.poll(() => link.isUp, { timeout: 10_000 }).toBe(false)
    expect(positions.seesAll()).toBe(false)
    await redis.restart()
    await expect.poll(() => link.isUp, { timeout: 10_000 }).toBe(true)
    expect(positions.seesAll()).toBe(false)
    clock.now = NOW
  })

  it('[PO22] a node that starts knows where everybody was last seen', async () => {
    const a = await startNode()
    const [here, far] = [newId<DriverId>(), newId<DriverId>()]
    a.positions.list(here, FREE)
    a.positions.report(here, at(CITY))
    a.positions.report(far, at(LAGOS))
    await expect.poll(() => redis.command('EXISTS', 'toota:{za}:drivers', 'toota:{ng}:drivers')).toBe(':2')
    a.stop()
    const b = (await startNode()).positions
    expect(idsOf(b.nearest({ center: CITY, ...around }))).toEqual([here])
    expect(b.lastFix(far)).toEqual(at(LAGOS))
    // As anybody can see from outside.
    const search = ['GEOSEARCH', 'toota:{za}:geo:bakkie', 'FROMLONLAT', '28', '-26', 'BYRADIUS', '99', 'km']
    expect(await redis.command(...search)).toContain(here)
  })

  it('[PO22] who changes the class or the market is kept once, and who was not seen since is removed', async () => {
    const { positions } = await startNode()
    const driverId = newId<DriverId>()
    const kept = (): Promise<string[]> =>
      Promise.all(
        [
          'toota:{za}:geo:bakkie',
          'toota:{za}:geo:truck-4t',
          'toota:{ng}:geo:truck-4t',
          'toota:{za}:seen',
        ].map((key) => redis.command('ZCARD', key)),
      )
    positions.list(driverId, FREE)
    positions.report(driverId, at(CITY, 30))
    await expect.poll(kept).toEqual([':1', ':0', ':0', ':1'])
    positions.list(driverId, { ...FREE, vehicleClass: 'truck-4t' })
    await expect.poll(kept, { timeout: 5_000 }).toEqual([':0', ':1', ':0', ':1'])
    positions.report(driverId, at(LAGOS, 20))
    await expect.poll(kept, { timeout: 5_000 }).toEqual([':0', ':0', ':1', ':0'])
    positions.prune(NOW)
    await expect.poll(kept).toEqual([':0', ':0', ':0', ':0'])
  })
})
