import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openDatabase } from '../../src/platform/database/index.ts'
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../../src/platform/embedded-database/index.ts'
import { startFaultProxy } from './fault-proxy.ts'

export type OwnDatabase = Awaited<ReturnType<typeof startOwnDatabase>>

/** A PostgreSQL of this test's own behind a fault proxy: it may crash, and so may the way to it. */
export async function startOwnDatabase(settings: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'toota-faults-'))
  await chmod(folder, 0o711)
  const start = (): Promise<EmbeddedDatabase> =>
    startEmbeddedDatabase({
      dataDir: join(folder, 'data'),
      isExplicit: true,
      log: () => undefined,
      onExit: () => undefined,
      settings,
    })
  let server = await start()
  await migrate(server.url)
  const proxy = await startFaultProxy({ upstream: { port: portOf(server.url) } })
  const url = new URL(server.url)
  url.port = String(proxy.port)

  return {
    proxy,
    /** Through the proxy. */
    url: url.toString(),
    /** Past the proxy, for the test's own looks. */
    directUrl: () => server.url,
    /** As `pg_ctl stop -m immediate`: no goodbye, and recovery at the next start. */
    async crash(): Promise<void> {
      process.kill(server.postmasterPid, 'SIGQUIT')
      await server.stop()
    },
    async restart(): Promise<void> {
      server = await start()
      proxy.moveTo({ port: portOf(server.url) })
    },
    open: () => openDatabase({ url: url.toString(), onIdleError: () => undefined }),
    async close(): Promise<void> {
      await proxy.close()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const portOf = (url: string): number => Number(new URL(url).port)
