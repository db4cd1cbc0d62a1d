import type { DriverId } from '../../kernel/index.ts'
import { driversKey, geoKey, geoKeys, seenKey } from './position-keys.ts'
import type { RedisLink } from './redis-link.ts'
import type { SharedDriver } from './shared-driver.ts'

/** `text` is what the others are told of him. */
export type StoredDriver = SharedDriver & { readonly text: string }

/** What is left behind by nodes that are all gone. */
const EXPIRY_SECONDS = 30 * 60
const PAGE = 1_000
/** Redis takes no others. */
const MAX_LATITUDE = 85.05

/** Removes from every key whoever was not seen since ARGV[1], at most ARGV[2] of them. */
const SWEEP = `
local gone = redis.call('ZRANGE', KEYS[1], '-inf', '(' .. ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[2])
if #gone == 0 then return 0 end
redis.call('HDEL', KEYS[2], unpack(gone))
redis.call('ZREM', KEYS[1], unpack(gone))
for n = 3, #KEYS do redis.call('ZREM', KEYS[n], unpack(gone)) end
return #gone`

export type PositionStore = ReturnType<typeof createPositionStore>

/** The last positions in Redis: for nodes that start, and for whoever looks from outside. */
export function createPositionStore({ commands }: Pick<RedisLink, 'commands'>) {
  return {
    /** One pipeline. @throws Error while Redis is away */
    async write(market: string, drivers: readonly StoredDriver[]): Promise<void> {
      const pipeline = commands.pipeline()
      pipeline.hset(driversKey(market), ...drivers.flatMap((each) => [each.driverId, each.text]))
      pipeline.zadd(seenKey(market), ...drivers.flatMap(({ driverId, fix }) => [fix.at, driverId]))
      for (const [key, points] of groupByKey(market, drivers)) pipeline.geoadd(key, ...points)
      const hidden = drivers.filter((each) => !isShown(each)).map(({ driverId }) => driverId)
      if (hidden.length > 0) for (const key of geoKeys(market)) pipeline.zrem(key, ...hidden)
      for (const key of [driversKey(market), seenKey(market), ...geoKeys(market)])
        pipeline.expire(key, EXPIRY_SECONDS)
      const failed = (await pipeline.exec())?.find(([error]) => error !== null)?.[0]
      if (failed) throw failed
    },

    /** He is in another market's keys now, or in another class's. */
    async forget(market: string, driverId: DriverId): Promise<void> {
      const pipeline = commands.pipeline()
      pipeline.hdel(driversKey(market), driverId)
      for (const key of [seenKey(market), ...geoKeys(market)]) pipeline.zrem(key, driverId)
      await pipeline.exec()
    },

    /** Everybody in a market, some at a time. */
    async *read(market: string): AsyncGenerator<string[]> {
      let cursor = '0'
      do {
        const [next, pairs] = await commands.hscan(driversKey(market), cursor, 'COUNT', PAGE)
        yield pairs.filter((_, index) => index % 2 === 1)
        cursor = next
      } while (cursor !== '0')
    },

    /** Removes drivers who were not seen since `before` (ms since 1970); any node may. */
    async sweep(market: string, before: number): Promise<void> {
      const keys = [seenKey(market), driversKey(market), ...geoKeys(market)]
      let gone: unknown
      do gone = await commands.eval(SWEEP, keys.length, ...keys, before, PAGE)
      while (gone === PAGE)
    },
  }
}

const isShown = ({ fix, listing }: SharedDriver): boolean =>
  listing?.isApproved === true &&
  listing.engagedWith === null &&
  Math.abs(fix.latitude) <= MAX_LATITUDE &&
  Math.abs(fix.longitude) <= 180

function groupByKey(market: string, drivers: readonly SharedDriver[]): Map<string, (string | number)[]> {
  const groups = new Map<string, (string | number)[]>()
  for (const each of drivers) {
    if (!each.listing || !isShown(each)) continue
    const key = geoKey(market, each.listing.vehicleClass)
    const points = groups.get(key) ?? []
    points.push(each.fix.longitude, each.fix.latitude, each.driverId)
    groups.set(key, points)
  }
  return groups
}
