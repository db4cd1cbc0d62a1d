import { createApp } from './app.ts'
import { ConfigError, loadConfig, type Config } from './config.ts'
import { seedDemoAccounts } from './demo-accounts.ts'
import { migrate, MigrationError, openDatabase } from './platform/database/index.ts'
import { EmbeddedDatabaseError, startEmbeddedDatabase } from './platform/embedded-database/index.ts'
import { createLogger } from './platform/log.ts'
import { welcome } from './welcome.ts'

/** Longer than the longest statement; what hangs beyond it is left behind. */
const STOP_PATIENCE_MS = 8_000

const say = (line: string): void => void process.stdout.write(`${line}\n`)

async function start(): Promise<void> {
  const config = loadConfig()
  for (const warning of config.warnings) say(`WARNING  ${warning}`)
  const log = createLogger(config.logLevel)

  const database = await openConfiguredDatabase(config)
  await migrate(database.migrationUrl)
  const db = openDatabase({
    url: database.url,
    poolSize: config.database.poolSize,
    onIdleError: (error) => log.warn({ err: error }, 'a database connection broke'),
  })
  const app = await createApp(config, db, log)
  const logins = config.settings.isDebug ? await seedDemoAccounts(app.platform, config.http.host) : []
  await app.http.listen({ host: config.http.host, port: config.http.port })
  say(welcome(config, database.dataDir, logins))

  const stop = async (signal: string): Promise<void> => {
    say(`${signal}: stopping`)
    setTimeout(() => process.exit(1), STOP_PATIENCE_MS).unref()
    await app.close()
    await db.close()
    await database.stop()
    say('stopped')
    process.exit(0)
  }
  onFirst(['SIGINT', 'SIGTERM', 'SIGHUP'], stop)
}

type OpenDatabase = {
  readonly url: string
  readonly migrationUrl: string
  /** Where the embedded database's files are; undefined for an external one. */
  readonly dataDir: string | undefined
  stop(): Promise<void>
}

async function openConfiguredDatabase({ database, data }: Config): Promise<OpenDatabase> {
  const { url, directUrl } = database
  if (url !== undefined) {
    return { url, migrationUrl: directUrl ?? url, dataDir: undefined, stop: () => Promise.resolve() }
  }
  const embedded = await startEmbeddedDatabase({
    dataDir: data.dir,
    isExplicit: data.isDirExplicit,
    log: say,
    // Nothing can be promised without it; whoever supervises the process starts both again.
    onExit: (reason) => fail(new EmbeddedDatabaseError(reason)),
  })
  return { ...embedded, migrationUrl: embedded.url }
}

/** The first of the signals stops in order, a second one at once. */
function onFirst(signals: readonly NodeJS.Signals[], stop: (signal: string) => Promise<void>): void {
  let isStopping = false
  for (const signal of signals) {
    process.on(signal, () => {
      if (isStopping) process.exit(130)
      isStopping = true
      stop(signal).catch(fail)
    })
  }
}

/** What the operator can mend is said in a line each; anything else is a defect and shows where. */
function fail(error: unknown): never {
  const isForOperator =
    error instanceof ConfigError || error instanceof EmbeddedDatabaseError || error instanceof MigrationError
  const text =
    isForOperator || isAddressInUse(error)
      ? error.message
      : error instanceof Error
        ? error.stack
        : String(error)
  process.stderr.write(`Toota cannot run:\n${text}\n`)
  process.exit(1)
}

const isAddressInUse = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')

start().catch(fail)
