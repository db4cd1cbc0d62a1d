import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../apps/server/src/platform/database/index.ts'
import { startEmbeddedDatabase } from '../apps/server/src/platform/embedded-database/index.ts'

export type BenchDatabase = {
  readonly url: string
  readonly postmasterPid: number
  stop(): Promise<void>
}

/** A migrated database as `npm start` would have it: embedded, fsync on, on a folder that is thrown away. */
export async function startBenchDatabase(): Promise<BenchDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'toota-bench-'))
  // Started by root, PostgreSQL runs as another user, who must get through to his data.
  await chmod(dataDir, 0o711)
  const database = await startEmbeddedDatabase({ dataDir, isExplicit: true, log: () => undefined })
  await migrate(database.url)
  return {
    url: database.url,
    postmasterPid: database.postmasterPid,
    async stop() {
      await database.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
