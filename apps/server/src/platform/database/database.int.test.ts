import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

it('[DB7] a connection that PostgreSQL ends between two statements fails its transaction and nothing else', async () => {
  const { db } = database
  const broken = db.transaction(async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
    await sql`select pg_terminate_backend(${rows[0]?.pid ?? 0})`.execute(db.single)
    await expect
      .poll(
        async () =>
          (await sql`select 1 from pg_stat_activity where pid = ${rows[0]?.pid ?? 0}`.execute(db.single))
            .rows,
      )
      .toEqual([])
    await sql`select 1`.execute(tx)
  })
  await expect(broken).rejects.toThrow()
  expect((await sql`select 1 as one`.execute(db.single)).rows).toEqual([{ one: 1 }])
})
