import type { Config } from './config.ts'
import { startEmbeddedDatabase } from './platform/embedded-database/index.ts'

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
