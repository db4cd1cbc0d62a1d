import type { FastifyInstance } from 'fastify'
import type { Logger as PinoLogger } from 'pino'
import { classic } from './classic/index.ts'
import { SOCKET_NOTES } from './classic/socket-notes.ts'
import type { Config } from './config.ts'
import { forgetDrivers, Roster } from './features/tracking/index.ts'
import { expireOffers, expireQuotes } from './features/trips/index.ts'
import { systemClock } from './platform/clock.ts'
import { pendingMigrations, type Database } from './platform/database/index.ts'
import { registerDocs } from './platform/http/docs/index.ts'
import { createHttpServer, registerDevMail, registerWeb } from './platform/http/index.ts'
import { createMailSender } from './platform/mail-sender.ts'
import { createMailOutbox } from './platform/mail-table.ts'
import { createNewsDesk } from './platform/news-desk.ts'
import { createPasswords } from './platform/passwords.ts'
import type { Platform } from './platform/platform.ts'
import { createMemoryPositions } from './platform/positions-memory.ts'
import { createRouter } from './platform/create-router.ts'
import { createSocketHub } from './platform/socket/index.ts'
import { startSweep, type SweepJob } from './platform/sweep.ts'
import { createTokens } from './platform/tokens.ts'
import { serverRoot } from './server-root.ts'
import { VERSION } from './version.ts'

export type App = { readonly http: FastifyInstance; readonly platform: Platform; close(): Promise<void> }

const NEWS_POLL_MS = 2_000

/** The whole system on a database: what there is, and in which order it starts and stops. */
export async function createApp(config: Config, db: Database, log: PinoLogger): Promise<App> {
  const platform = createPlatform(config, db, log)
  const { news } = platform
  const roster = new Roster(platform)
  const hub = createSocketHub(log, () => platform.clock.now().getTime())
  const mailSender =
    config.mail.smtp && createMailSender(platform, { ...config.mail.smtp, from: config.mail.from })
  let isDraining = false

  const http = await createHttpServer({
    log,
    corsOrigins: config.http.corsOrigins,
    trustProxyHops: config.http.trustProxyHops,
    health: { notReadyBecause: async () => (isDraining ? 'draining' : await databaseFault(db)) },
  })
  await registerDocs(http, { title: 'Toota', version: VERSION, description: SOCKET_NOTES })
  if (config.settings.isDebug) registerDevMail(http, db)
  await registerWeb(http, new URL('../web/dist/', serverRoot).pathname)
  await http.register(classic({ platform, roster, hub }))
  await http.ready()

  const sweep = (name: string, job: SweepJob) => startSweep(name, job, log)
  const sweeps = [
    sweep('expire-offers', () => expireOffers(platform)),
    sweep('expire-quotes', () => expireQuotes(platform)),
    sweep('poll-news', async () => {
      await news.poll()
      return NEWS_POLL_MS
    }),
    sweep('forget-drivers', () => Promise.resolve(forgetDrivers(platform, roster))),
    ...(mailSender ? [sweep('send-mail', () => mailSender.sendDueMail())] : []),
  ]

  return {
    http,
    platform,
    async close() {
      isDraining = true
      hub.drain()
      await http.close()
      hub.stop()
      await Promise.all(sweeps.map((each) => each.stop()))
      mailSender?.close()
    },
  }
}

function createPlatform(config: Config, db: Database, log: PinoLogger): AppPlatform {
  const onError = (error: unknown): void => log.error({ err: error }, 'a listener failed')
  return {
    db,
    log,
    clock: systemClock,
    positions: createMemoryPositions(onError),
    news: createNewsDesk(db, onError),
    mail: createMailOutbox(),
    router: createRouter(config.osrmUrl, log),
    passwords: createPasswords(),
    tokens: createTokens(config.settings.secretKey),
    settings: config.settings,
  }
}

type AppPlatform = Platform & { readonly news: ReturnType<typeof createNewsDesk> }

async function databaseFault(db: Database): Promise<string | undefined> {
  const pending = await pendingMigrations(db)
  return pending.length > 0 ? `migrations missing: ${pending.join(', ')}` : undefined
}
