import { createApp } from './app.ts'
import { loadConfig } from './config.ts'
import { seedDemoAccounts, shutDemoAccounts } from './demo-accounts.ts'
import { failWith } from './fail-with.ts'
import { openConfiguredDatabase } from './open-configured-database.ts'
import { migrate, openDatabase } from './platform/database/index.ts'
import { startMetricsServer } from './platform/metrics-server.ts'
import { EmbeddedDatabaseError } from './platform/embedded-database/index.ts'
import { createLogger } from './platform/log.ts'
import { startTracing } from './platform/tracing.ts'
import { startTestGateway } from './start-test-gateway.ts'
import { VERSION } from './version.ts'
import { welcome } from './welcome.ts'

/** Longer than the longest statement; what hangs beyond it, and beyond the time that clients have, is left behind. */
let stopPatienceMs = 8_000

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** What has been started, in this order; stopped in the opposite one. */
const started: (() => Promise<void>)[] = []

async function start(): Promise<void> {
  const config = loadConfig()
  stopPatienceMs += config.http.drainSeconds * 1_000
  for (const warning of config.warnings) say(`WARNING  ${warning}`)
  const log = createLogger(config.logLevel)
  if (config.monitoring.tracesUrl !== undefined) {
    const tracing = await startTracing(config.monitoring.tracesUrl, VERSION)
    started.push(() => tracing.stop())
  }

  const database = await openConfiguredDatabase(config, {
    log: say,
    // Nothing can be promised without it; whoever supervises the process starts both again.
    onExit: (reason) => failWith(new EmbeddedDatabaseError(reason)),
  })
  started.push(() => database.stop())
  await migrate(database.migrationUrl)
  const db = openDatabase({
    url: database.url,
    poolSize: config.database.poolSize,
    onIdleError: (error) => log.warn({ err: error }, 'a database connection broke'),
  })
  started.push(() => db.close())

  const testGateway = config.gateways.usesTestGateway ? await startTestGateway(config) : undefined
  if (testGateway) started.push(() => testGateway.stop())

  const app = await createApp(config, db, log, testGateway?.url)
  started.push(() => app.close())
  const { host, port } = config.monitoring
  if (port !== undefined) {
    const metrics = await startMetricsServer(app.platform.metrics, { host, port })
    started.push(() => metrics.close())
  }
  const mayHaveDemo = config.settings.isDebug && config.isLocal
  if (!mayHaveDemo && (await shutDemoAccounts(app.platform)) > 0) say('The demo accounts are shut.')
  const logins = mayHaveDemo ? await seedDemoAccounts(app.platform) : []
  await app.http.listen({ host: config.http.host, port: config.http.port })
  say(welcome(config, database.dataDir, logins, testGateway?.url))
}

/** The first signal stops in order, a second one at once. */
let stopping: Promise<void> | undefined
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(130)
    say(`${signal}: stopping`)
    setTimeout(() => process.exit(1), stopPatienceMs).unref()
    stopping = stop().catch(failWith)
  })
}

async function stop(): Promise<void> {
  await starting.catch(() => undefined)
  for (const stopOne of started.reverse()) await stopOne()
  say('stopped')
  process.exit(0)
}

const starting = start()
starting.catch(failWith)
