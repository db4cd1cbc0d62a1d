import { sql } from 'kysely'
import { startLiveServer } from '../../live-server.ts'
import { startNodes } from '../../nodes.ts'
import type { createPeople } from '../../people.ts'
import type { Database } from '../../../src/platform/database/index.ts'
import { findRedisServer, startRedisServer } from '../../redis-server.ts'
import { rewriteBy, type Edit } from '../../races/edits.ts'
import { createTestDatabase } from '../../test-database.ts'

/** The servers that clients reach by chance, as behind a balancer. */
export type Cluster = {
  readonly people: ReturnType<typeof createPeople>
  readonly db: Database
  /** Of those that are there. */
  ports(): number[]
  /** One of them is gone in the middle of everything, and some moments later another one is there. */
  replaceOne(random: () => number): Promise<void>
  close(): Promise<void>
}

const OFFER_SECONDS = 2
const portOf = (url: string): number => Number(new URL(url).port)

/** Processes on one PostgreSQL and, where there is one, one Redis; without it a single one, since only Redis shares positions. */
export async function startProcesses(count: number): Promise<Cluster> {
  const database = await createTestDatabase()
  const redis = (await findRedisServer()) && (await startRedisServer())
  const fleet = await startNodes({
    databaseUrl: database.url,
    redisUrl: redis?.url,
    count: redis ? count : 1,
    settings: { OFFER_TIMEOUT_SECONDS: String(OFFER_SECONDS) },
  })
  const alive = () => fleet.nodes.filter((node) => !node.hasEnded())
  return {
    people: fleet.people,
    db: database.db,
    ports: () => alive().map(({ baseUrl }) => portOf(baseUrl)),
    async replaceOne(random) {
      const nodes = alive()
      await nodes[Math.floor(random() * nodes.length)]?.kill()
      await fleet.start()
    },
    async close() {
      await fleet.close()
      await redis?.stop()
      await database.drop()
    },
  }
}

/** One server in this process, whose schema and SQL may be broken on purpose. */
export async function startSabotaged({
  schema = [],
  code = [],
}: {
  schema?: readonly string[]
  code?: readonly Edit[]
}): Promise<Cluster> {
  const { rewrite, refuseUnused } = rewriteBy(code)
  const database = await createTestDatabase({ rewrite })
  for (const statement of schema) await sql.raw(statement).execute(database.db.single)
  const server = await startLiveServer({ offerTimeoutSeconds: OFFER_SECONDS }, {}, database)
  return {
    people: server,
    db: database.db,
    ports: () => [portOf(server.address)],
    replaceOne: () => Promise.resolve(),
    async close() {
      await server.close()
      refuseUnused()
    },
  }
}
