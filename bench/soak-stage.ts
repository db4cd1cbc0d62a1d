import { freePort } from '../apps/server/test/kills/server-process.ts'
import { startNodes } from '../apps/server/test/nodes.ts'
import { findRedisServer, startRedisServer } from '../apps/server/test/redis-server.ts'
import { startBenchDatabase } from './bench-database.ts'

export type Held = {
  readonly heapBytes: number
  readonly externalBytes: number
  readonly rssBytes: number
  readonly handles: number
  readonly fds: number
  readonly listeners: number
}
export type SoakStage = Awaited<ReturnType<typeof startSoakStage>>

export const OFFER_SECONDS = 5

/** Nodes on a PostgreSQL and a Redis of their own; the first is never killed, and says what it holds. */
export async function startSoakStage(count: number) {
  const database = await startBenchDatabase()
  const redis = (await findRedisServer()) && (await startRedisServer())
  const settings = { OFFER_TIMEOUT_SECONDS: String(OFFER_SECONDS), DATABASE_POOL_SIZE: '10' }
  const fleet = await startNodes({ databaseUrl: database.url, redisUrl: redis?.url, count: 0, settings })
  const probePort = await freePort(Math.random)
  const watched = await fleet.start({
    NODE_OPTIONS: `--import ${new URL('soak-probe.mjs', import.meta.url).href}`,
    SOAK_PROBE_PORT: String(probePort),
  })
  // Without Redis the others would not see the drivers of the first.
  if (redis) for (let n = 1; n < count; n++) await fleet.start()
  const alive = () => fleet.nodes.filter((node) => !node.hasEnded())

  return {
    ...fleet,
    databaseUrl: database.url,
    hasRedis: redis !== undefined,
    ports: () => alive().map(({ baseUrl }) => Number(new URL(baseUrl).port)),
    hold: async (): Promise<Held> => (await fetch(`http://127.0.0.1:${probePort}`)).json() as Promise<Held>,
    /** Kills one of the others, by chance, and starts another one. Answers false when there is no other. */
    async replaceOne(random: () => number): Promise<boolean> {
      const others = alive().filter((node) => node !== watched)
      const victim = others[Math.floor(random() * others.length)]
      if (!victim) return false
      await victim.kill()
      await fleet.start()
      return true
    },
    async close() {
      await fleet.close()
      await redis?.stop()
      await database.stop()
    },
  }
}
