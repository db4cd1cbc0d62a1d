import type { Logger } from './platform/log.ts'
import type { Config } from './config.ts'
import { createTripCounts } from './features/trips/index.ts'
import { MARKETS } from '@toota/contract'
import { roughMarketAt } from './features/pricing/index.ts'
import { systemClock } from './platform/clock.ts'
import { createBlobs } from './platform/create-blobs.ts'
import { createRouter } from './platform/create-router.ts'
import type { Database } from './platform/database/index.ts'
import { createDeviceClaims } from './platform/device-claims.ts'
import { createGateways } from './platform/gateways/create-gateways.ts'
import { createImages } from './platform/images.ts'
import { createMailOutbox } from './platform/mail-table.ts'
import { createMetrics } from './platform/metrics.ts'
import { PolledNewsDesk } from './platform/news-desk.ts'
import { createNewsWakeUps } from './platform/news-wake-ups.ts'
import { createPasswords } from './platform/passwords.ts'
import { createPictureUrls } from './platform/picture-urls.ts'
import type { Platform } from './platform/platform.ts'
import { measureProcess } from './measure-process.ts'
import { measurePositions } from './platform/measure-positions.ts'
import { createMemoryPositions } from './platform/positions-memory.ts'
import { createSharedPositions } from './platform/positions-shared.ts'
import { openRedis } from './platform/redis/redis-link.ts'
import { createSessionEnds } from './platform/session-ends.ts'
import { createMemoryThrottle } from './platform/throttle.ts'
import { createTokens } from './platform/tokens.ts'

type Owned = {
  readonly news: PolledNewsDesk
  /** Resolves when this node knows what the others told, or cannot know it for now. */
  readonly joined: Promise<void>
  /** Lets go of the other nodes. */
  leave(): void
}

/** The world of one process, for the server and the operator's commands alike. */
export function createPlatform(
  config: Config,
  db: Database,
  log: Logger,
  /** Where the test gateway runs, if it does. */
  testGatewayUrl?: string,
): Platform & Owned {
  const onError = (error: unknown): void => log.error({ err: error }, 'a listener failed')
  const link = config.redis && openRedis(config.redis, log)
  const memory = createMemoryPositions(onError)
  const shared =
    link &&
    createSharedPositions(memory, {
      link,
      log,
      markets: MARKETS,
      marketAt: (point) => roughMarketAt(point) ?? config.settings.defaultMarket,
      now: () => systemClock.now().getTime(),
    })
  const metrics = createMetrics()
  db.measure(metrics)
  measureProcess(metrics, db, config)
  if (link) metrics.gauge('toota_redis_up', () => (link.isUp ? 1 : 0))
  const news = new PolledNewsDesk(db, onError, metrics, link && createNewsWakeUps(link))
  news.watch(createTripCounts(metrics))
  return {
    db,
    log,
    clock: systemClock,
    metrics,
    positions: measurePositions(shared ?? memory, metrics),
    news,
    mail: createMailOutbox(),
    router: createRouter(config.routing, log),
    passwords: createPasswords(),
    tokens: createTokens(config.settings.secretKey),
    sessionEnds: createSessionEnds(link),
    deviceClaims: createDeviceClaims(link),
    throttle: createMemoryThrottle(config.settings.limits),
    blobs: createBlobs(config, log),
    images: createImages(),
    gateways: createGateways(config.gateways, log, { testUrl: testGatewayUrl, metrics }),
    pictureUrls: createPictureUrls({ ...config.settings, clock: systemClock }),
    settings: config.settings,
    joined: shared?.restored ?? Promise.resolve(),
    leave() {
      shared?.close()
      link?.close()
    },
  }
}
