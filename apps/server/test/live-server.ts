import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createApp } from '../src/app.ts'
import { loadConfig, type Config } from '../src/config.ts'
import type { Settings } from '../src/platform/platform.ts'
import { createPeople } from './people.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'
import { openTestSocket, type TestSocket } from './test-socket.ts'
import { TEST_SETTINGS } from './world.ts'

export type LiveServer = Awaited<ReturnType<typeof startLiveServer>>

/**
 * The whole server on a free port and a database of its own; errors it logs are kept for the test to see. `settings`
 * stand over those of the tests, `environment` is for what only the server's edge reads; `database` is another one than the run's.
 */
export async function startLiveServer(
  settings: Partial<Settings> = {},
  environment: Readonly<Record<string, string>> = {},
  database?: TestDatabase,
) {
  const { db, url, drop } = database ?? (await createTestDatabase())
  const folder = await mkdtemp(join(tmpdir(), 'toota-live-'))
  const errors: string[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => errors.push(line) })
  const config: Config = {
    ...loadConfig('/', {
      DATABASE_URL: url,
      DATA_DIR: folder,
      SECRET_KEY: TEST_SETTINGS.secretKey,
      CORS_ORIGINS: 'http://localhost',
      DRAIN_SECONDS: '0',
      ...environment,
    }),
    settings: { ...TEST_SETTINGS, ...settings },
  }
  const app = await createApp(config, db, log)
  const address = await app.http.listen({ host: '127.0.0.1', port: 0 })
  const people = createPeople(app.platform)
  const sockets: TestSocket[] = []
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => (stopped ??= app.close())

  return {
    ...people,
    platform: app.platform,
    db,
    address,
    errors,
    routeTable: () => app.http.routeTable(),

    /** A request as an existing client makes it. */
    async request(method: string, path: string, { token, body }: { token?: string; body?: unknown } = {}) {
      const response = await fetch(address + path, {
        method,
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    },

    /** An open socket; throws `HTTP <status>` when the handshake is refused. */
    async connect(path: string, token?: string): Promise<TestSocket> {
      const socket = await openTestSocket(address.replace('http', 'ws') + path, token)
      sockets.push(socket)
      return socket
    },

    /** As a signal stops it; the database and what was connected are left. */
    stop,

    async close() {
      for (const socket of sockets) socket.close()
      await stop()
      await drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
