import type { FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { pino, type Logger as PinoLogger } from 'pino'
import { classic, webhooks } from './classic/index.ts'
import { CLASSIC_SOCKETS } from './classic/socket-docs.ts'
import { SOCKET_NOTES } from './classic/socket-notes.ts'
import { loadConfig, type Config } from './config.ts'
import { createPlatform } from './create-platform.ts'
import { authenticate, authenticateAgain } from './features/accounts/index.ts'
import { meRoutes } from './features/accounts/me-routes.ts'
import { accountRoutes } from './features/accounts/routes.ts'
import { sessionRoutes } from './features/accounts/session-routes.ts'
import { driverRoutes } from './features/drivers/routes.ts'
import { liveRoutes } from './features/live/live.ts'
import { syncRoutes } from './features/live/routes.ts'
import { Switchboard } from './features/live/switchboard.ts'
import { readPicture } from './features/pictures/index.ts'
import { flushTrail, Roster } from './features/tracking/index.ts'
import { positionRoutes } from './features/tracking/position-routes.ts'
import { paymentRoutes } from './features/payments/routes.ts'
import { moneyStaffRoutes } from './features/payments/staff-routes.ts'
import { payoutRoutes } from './features/payouts/routes.ts'
import { pictureRoutes } from './features/pictures/routes.ts'
import { receiptRoutes } from './features/receipts/routes.ts'
import { trackingRoutes } from './features/tracking/routes.ts'
import { concernRoutes } from './features/trips/concern-routes.ts'
import { offerRoutes } from './features/trips/offer-routes.ts'
import { tripRoutes } from './features/trips/routes.ts'
import { api } from './platform/http/api.ts'
import { openDatabase, pendingMigrations, type Database } from './platform/database/index.ts'
import { registerDocs, type OpenApi } from './platform/http/docs/index.ts'
import {
  createAccess,
  createCommands,
  createHttpServer,
  registerDevMail,
  registerMedia,
  registerWeb,
  type Health,
} from './platform/http/index.ts'
import { createMailSender } from './platform/mail-sender.ts'
import type { StreamDesk } from './platform/news.ts'
import type { Platform } from './platform/platform.ts'
import { createSocketHub, type SocketHub } from './platform/socket/index.ts'
import { serverRoot } from './server-root.ts'
import { startSweeps } from './start-sweeps.ts'
import { VERSION } from './version.ts'

export type App = {
  readonly http: FastifyInstance
  readonly platform: Platform & { readonly news: StreamDesk }
  close(): Promise<void>
}

/** The whole system on a database: what there is, and in which order it starts and stops. */
export async function createApp(
  config: Config,
  db: Database,
  log: PinoLogger,
  testGatewayUrl?: string,
): Promise<App> {
  const platform = createPlatform(config, db, log, testGatewayUrl)
  const roster = new Roster(platform)
  platform.metrics.gauge('toota_trail_waiting', () => roster.trail.counts().waiting)
  const hub = createSocketHub(log, () => platform.clock.now().getTime(), platform.metrics)
  const mailSender =
    config.mail.smtp && createMailSender(platform, { ...config.mail.smtp, from: config.mail.from })
  platform.sessionEnds.listen((sessionIds) => hub.endSessions(sessionIds))
  const draining = new AbortController()

  const notReadyBecause = async () => (draining.signal.aborted ? 'draining' : await databaseFault(db))
  const edges = { roster, hub, log, draining: draining.signal, notReadyBecause }
  const http = await createHttp(config, platform, edges)

  const sweeps = startSweeps(platform, log, { roster, hub, mailSender })
  await platform.joined

  return {
    http,
    platform,
    async close() {
      draining.abort()
      await hub.drain(config.http.drainSeconds * 1_000)
      await http.close()
      await sweeps.stop()
      // Without a database it is lost, and the stop goes on.
      await flushTrail(platform, roster.trail).catch((err: unknown) => log.error({ err }, 'lost a trail'))
      mailSender?.close()
      platform.leave()
    },
  }
}

type Edges = {
  readonly roster: Roster
  readonly hub: SocketHub
  readonly log: PinoLogger
  readonly draining: AbortSignal
} & Health

/** The HTTP edge with every route of both wires. */
async function createHttp(
  config: Config,
  platform: Platform & { readonly news: StreamDesk },
  { roster, hub, log, draining, ...health }: Edges,
): Promise<FastifyInstance> {
  const http = await createHttpServer({
    log,
    corsOrigins: config.http.corsOrigins,
    trustProxyHops: config.http.trustProxyHops,
    health,
    metrics: platform.metrics,
  })
  await registerDocs(http, {
    product: { title: 'Toota', version: VERSION },
    classic: { title: 'Toota, classic wire', version: VERSION, description: SOCKET_NOTES },
    sockets: CLASSIC_SOCKETS,
  })
  if (config.settings.isDebug) registerDevMail(http, platform.db)
  await registerWeb(http, fileURLToPath(new URL('../web/dist/', serverRoot)))
  registerMedia(http, { read: (...which) => readPicture(platform, ...which), urls: platform.pictureUrls })
  const commands = createCommands(http)
  const switchboard = new Switchboard(platform.news, platform.deviceClaims)
  const context = {
    platform,
    access: createAccess(platform, (request) => {
      const caller = commands.callerOf(request)
      return caller
        ? authenticateAgain(platform, caller)
        : authenticate(platform, request.headers.authorization)
    }),
    pictureUrl: platform.pictureUrls.pictureUrl,
  }
  const routes = [
    accountRoutes(context),
    sessionRoutes(context),
    meRoutes(context),
    pictureRoutes(context),
    driverRoutes(context),
    tripRoutes(context),
    offerRoutes(context),
    concernRoutes(context),
    paymentRoutes(context),
    receiptRoutes(context),
    payoutRoutes(context),
    moneyStaffRoutes(context),
    trackingRoutes(context, roster),
    positionRoutes(context, roster),
    syncRoutes(context, draining),
    liveRoutes({ platform, roster, hub, commands, desk: platform.news, switchboard }),
  ]
  await http.register(api(platform, routes), { prefix: '/v1' })
  await http.register(classic({ platform, roster, hub }))
  await http.register(webhooks({ platform, roster, hub }))
  await http.ready()
  return http
}

/** The OpenAPI document of `/v1`, for scripts: made by the real routes, on a database that nothing connects to. */
export async function describeApi(): Promise<OpenApi> {
  const url = 'postgres://nobody@127.0.0.1:1/none'
  const config = loadConfig('/', { DATABASE_URL: url, SECRET_KEY: randomUUID() })
  const log = pino({ level: 'silent' })
  const db = openDatabase({ url })
  const platform = createPlatform(config, db, log)
  const hub = createSocketHub(log, () => platform.clock.now().getTime(), platform.metrics)
  const http = await createHttp(config, platform, {
    roster: new Roster(platform),
    hub,
    log,
    draining: new AbortController().signal,
    notReadyBecause: () => Promise.resolve('nothing behind it'),
  })
  const document = http.productDocument()
  await hub.drain()
  await http.close()
  await db.close()
  return document
}

async function databaseFault(db: Database): Promise<string | undefined> {
  const pending = await pendingMigrations(db)
  return pending.length > 0 ? `migrations missing: ${pending.join(', ')}` : undefined
}
