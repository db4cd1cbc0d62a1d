import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, refuseOthers, type TestDatabase } from '../../../test/test-database.ts'
import { migrate, pendingMigrations } from './migrate.ts'

describe('migrate', () => {
  let database: TestDatabase
  let folder: URL
  const put = (name: string, text: string) => writeFile(new URL(name, folder), text)

  beforeEach(async () => {
    database = await createTestDatabase()
    // The template is migrated by the real files; these tests bring their own history.
    await sql`drop table migration`.execute(database.db.single)
    folder = pathToFileURL(`${await mkdtemp(join(tmpdir(), 'toota-migrations-'))}/`)
    await put('0001-first.sql', 'create table first (id int); insert into first values (1);')
  })
  afterEach(async () => {
    await database.drop()
    await rm(folder, { recursive: true })
  })

  it('[DB1] applies each migration once, in the order of their names', async () => {
    await put('0002-second.sql', 'insert into first select id + 1 from first;')
    expect(await pendingMigrations(database.db, folder)).toEqual(['0001-first', '0002-second'])
    expect(await migrate(database.url, folder)).toEqual(['0001-first', '0002-second'])
    expect(await migrate(database.url, folder)).toEqual([])
    expect(await pendingMigrations(database.db, folder)).toEqual([])
    const { rows } = await sql`select id from first order by id`.execute(database.db.single)
    expect(rows).toEqual([{ id: 1 }, { id: 2 }])
  })

  it('[DB2] processes that start together apply each migration once between them', async () => {
    await put('0002-second.sql', 'select pg_sleep(0.1); insert into first select id + 1 from first;')
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, folder)))
    expect(applied.flat().sort()).toEqual(['0001-first', '0002-second'])
  })

  it('[DB3] a migration that fails half way leaves nothing of itself and all before it', async () => {
    await put('0002-second.sql', 'create table second (id int); select 1 / 0;')
    await expect(migrate(database.url, folder)).rejects.toThrow('division by zero')
    expect(await pendingMigrations(database.db, folder)).toEqual(['0002-second'])
    await put('0002-second.sql', 'create table second (id int);')
    expect(await migrate(database.url, folder)).toEqual(['0002-second'])
  })

  it('[DB4] refuses when an applied file was changed, but not for its line ends', async () => {
    await put('0001-first.sql', 'create table first (id int);\n')
    await migrate(database.url, folder)
    await put('0001-first.sql', 'create table first (id int);\r\n')
    expect(await migrate(database.url, folder)).toEqual([])
    await put('0001-first.sql', 'create table first (id bigint);\n')
    await expect(migrate(database.url, folder)).rejects.toThrow('0001-first was changed')
    await expect(pendingMigrations(database.db, folder)).rejects.toThrow('0001-first was changed')
  })

  it('[DB5] refuses a database of a newer build', async () => {
    await put('0009-future.sql', 'select 1;')
    await migrate(database.url, folder)
    await rm(new URL('0009-future.sql', folder))
    await expect(migrate(database.url, folder)).rejects.toThrow(
      'of a newer build: it has the migration 0009-future',
    )
  })

  it('[DB6] tests refuse to create or drop any database but their own', () => {
    expect(refuseOthers('toota_test_a1')).toBe('toota_test_a1')
    for (const name of ['toota', 'postgres', 'toota_test_x; drop database toota', 'TOOTA_TEST_X']) {
      expect(() => refuseOthers(name)).toThrow('not a test database')
    }
  })
})
