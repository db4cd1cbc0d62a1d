import type { Config } from '../config.ts'
import { findConfiguredDatabase } from '../open-configured-database.ts'
import { createBlobs } from '../platform/create-blobs.ts'
import { inspectDatabase, openDatabase, type DatabaseReport } from '../platform/database/index.ts'
import { createLogger } from '../platform/log.ts'
import { countStuckMail, type StuckMail } from '../platform/mail-table.ts'
import { checkPort, checkPublicUrl } from './check-address.ts'
import { checkClock } from './check-clock.ts'
import { checkDatabase } from './check-database.ts'
import { checkGateways } from './check-gateways.ts'
import { checkMail } from './check-mail.ts'
import { checkRedis } from './check-redis.ts'
import { checkRouter } from './check-router.ts'
import { checkSettings } from './check-settings.ts'
import { checkStorage } from './check-storage.ts'
import type { Finding } from './finding.ts'
import { inTime } from './in-time.ts'

/** The embedded database may have to be made first. */
const EMBEDDED_PATIENCE_MS = 30_000
const CLOSING_PATIENCE_MS = 5_000

/** All checks at the same time, so that what hangs holds up nothing else; answers in their order. */
export async function examine(config: Config): Promise<Finding[]> {
  const look = lookAtDatabase(config)
  try {
    const found = await Promise.all([
      Promise.resolve(checkSettings(config)),
      checkDatabase(config, look.report),
      checkClock(look.report),
      checkRedis(config).then((finding) => [finding]),
      checkMail(config, look.stuckMail),
      checkRouter(config),
      checkGateways(config),
      checkStorage(config, createBlobs(config, createLogger('silent'))),
      Promise.resolve([checkPublicUrl(config)]),
      checkPort(config),
    ])
    return found.flat()
  } finally {
    await inTime(look.close(), CLOSING_PATIENCE_MS).catch(() => undefined)
  }
}

type Look = {
  readonly report: Promise<DatabaseReport>
  /** Undefined when there is no outbox: the database is away, or not migrated. */
  readonly stuckMail: Promise<StuckMail | undefined>
  readonly close: () => Promise<void>
}

function lookAtDatabase(config: Config): Look {
  const found = findConfiguredDatabase(config, { log: () => undefined, onExit: () => undefined })
  const opened = found.then(({ url }) => ({ url, db: openDatabase({ url, poolSize: 2 }) }))
  const patience = config.database.url === undefined ? EMBEDDED_PATIENCE_MS : undefined
  return {
    report: inTime(
      opened.then(({ db, url }) => inspectDatabase(db, url)),
      patience,
    ),
    stuckMail: inTime(
      opened.then(({ db }) => countStuckMail(db)),
      patience,
    ).catch(() => undefined),
    close: async () => {
      await opened.then(({ db }) => db.close()).catch(() => undefined)
      await found.then((database) => database.stop()).catch(() => undefined)
    },
  }
}
