import type { Config } from './config.ts'
import { attachEmbeddedDatabase, startEmbeddedDatabase } from './platform/embedded-database/index.ts'

export type ConfiguredDatabase = {
  readonly url: string
  readonly migrationUrl: string
  /** Where the embedded database's files are; undefined for an external one. */
  readonly dataDir: string | undefined
  stop(): Promise<void>
}

/** The operator's own PostgreSQL by DATABASE_URL, otherwise the embedded one, started and owned by this process. */
export async function openConfiguredDatabase(
  { database, data }: Config,
  { log, onExit }: { log: (line: string) => void; onExit: (reason: string) => void },
): Promise<ConfiguredDatabase> {
  const { url, directUrl } = database
  if (url !== undefined) {
    return { url, migrationUrl: directUrl ?? url, dataDir: undefined, stop: () => Promise.resolve() }
  }
  const embedded = await startEmbeddedDatabase({
    dataDir: data.dir,
    isExplicit: data.isDirExplicit,
    log,
    onExit,
  })
  return { ...embedded, migrationUrl: embedded.url }
}

/** For the operator's commands: a running server's embedded database, or else our own start of it. */
export async function findConfiguredDatabase(
  config: Config,
  hooks: { log: (line: string) => void; onExit: (reason: string) => void },
): Promise<ConfiguredDatabase> {
  const running =
    config.database.url === undefined ? await attachEmbeddedDatabase(config.data.dir) : undefined
  if (!running) return openConfiguredDatabase(config, hooks)
  const { url } = running
  return { url, migrationUrl: url, dataDir: config.data.dir, stop: () => Promise.resolve() }
}
