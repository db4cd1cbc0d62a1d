import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { loadConfig } from '../src/config.ts'
import { createPlatform } from '../src/create-platform.ts'
import { openDatabase } from '../src/platform/database/index.ts'
import { buildServer, freePort, launch, type ServerProcess } from './kills/server-process.ts'
import { createPeople } from './people.ts'

/** One of several server processes. */
export type Node = Pick<ServerProcess, 'baseUrl' | 'pid' | 'hasEnded'> & {
  /** SIGKILL, and not before the process is gone. */
  kill(): Promise<void>
  /** As an operator stops it: SIGTERM, and an orderly end. */
  stop(): Promise<void>
}

export type NodesOptions = {
  readonly databaseUrl: string
  /** Undefined: they find each other by the database alone. */
  readonly redisUrl?: string | undefined
  readonly count: number
  readonly settings?: Readonly<Record<string, string>>
}

export type Nodes = Awaited<ReturnType<typeof startNodes>>

const SETTINGS = {
  SECRET_KEY: 'a-secret-key-of-several-nodes-that-is-long-enough',
  DRIVER_APPROVAL: 'auto',
  LIMIT_REQUESTS: '999999/60',
  LIMIT_SIGN_UPS: '999999/60',
  LIMIT_LOGINS: '999999/60',
  LIMIT_CODES: '999999/60',
  LIMIT_SEARCHES: '999999/60',
}

/**
 * So many servers as an operator runs them, on one migrated database and one Redis, with people whose tokens count on
 * all of them. `start` adds one more, with settings of its own where wanted: its own way to the database or to Redis.
 */
export async function startNodes({ databaseUrl, redisUrl, count, settings = {} }: NodesOptions) {
  await buildServer()
  const folder = await mkdtemp(join(tmpdir(), 'toota-nodes-'))
  const dataDir = join(folder, 'data')
  const common = {
    ...SETTINGS,
    DATABASE_URL: databaseUrl,
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    ...settings,
  }
  const nodes: Node[] = []
  const start = async (own: Readonly<Record<string, string>> = {}): Promise<Node> => {
    const server = launch(dataDir, await freePort(Math.random), { ...common, ...own })
    await server.ready
    const node = nodeOf(server)
    nodes.push(node)
    return node
  }
  const db = openDatabase({ url: databaseUrl, poolSize: 2 })
  const close = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.kill()))
    await db.close()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    // One after the other: together they would fight for the processors, and each is late.
    for (let n = 0; n < count; n++) await start()
  } catch (error) {
    await close()
    throw error
  }
  const config = loadConfig('/', { ...SETTINGS, ...settings, DATABASE_URL: databaseUrl, DATA_DIR: dataDir })
  const people = createPeople(createPlatform(config, db, pino({ level: 'silent' })))
  return {
    /** In the order of their start, those that have ended included. */
    nodes,
    start,
    /** Their own positions are known to `people` alone; on the nodes a driver is where he says over a socket. */
    people,
    db,
    close,
  }
}

function nodeOf(server: ServerProcess): Node {
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.hasEnded()) return
    process.kill(server.pid, signal)
    await server.ended
  }
  return {
    baseUrl: server.baseUrl,
    pid: server.pid,
    hasEnded: server.hasEnded,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}
