import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, type World } from '../../test/world.ts'
import type { AccountId } from '../kernel/index.ts'
import { createForgetNews } from './forget-news.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

async function newStream(count: number, oldOnes: number): Promise<AccountId> {
  const accountId = await world.addCustomer()
  const items = Array.from({ length: count }, () => ({ accountId, kind: 'test', data: {} }))
  await world.db.transaction((tx) => world.news.append(tx, items))
  await sql`update news set at = at - interval '73 hours' where account_id = ${accountId} and seq <= ${oldOnes}`.execute(
    world.db.single,
  )
  return accountId
}

async function kept(accountId: AccountId): Promise<(number | null)[]> {
  const { rows } = await sql<{ first: number | null; last: number | null; count: number }>`
    select min(seq) as first, max(seq) as last, count(*)::int as count from news where account_id = ${accountId}`.execute(
    world.db.single,
  )
  return Object.values(rows[0] ?? {})
}

/** Sweeps until a round is over: the pause is long then. */
async function sweepOnce(): Promise<void> {
  const sweep = createForgetNews(world.db)
  while ((await sweep()) < 60_000);
}

it('[NW6] old news goes, young news and the newest 1,000 of each stream stay', async () => {
  const [long, old, young, short] = [
    await newStream(3_500, 2_600),
    await newStream(1_200, 1_200),
    await newStream(1_200, 0),
    await newStream(30, 30),
  ]
  await sweepOnce()
  expect(await kept(long)).toEqual([2_501, 3_500, 1_000])
  expect(await kept(old)).toEqual([201, 1_200, 1_000])
  expect(await kept(young)).toEqual([1, 1_200, 1_200])
  expect(await kept(short)).toEqual([1, 30, 30])

  const items = Array.from({ length: 10 }, () => ({ accountId: old, kind: 'test', data: {} }))
  await world.db.transaction((tx) => world.news.append(tx, items))
  await sweepOnce()
  expect(await kept(old)).toEqual([211, 1_210, 1_000])
})

it('[NW6] reads streams and news by their keys', async () => {
  const statements: string[] = []
  const other = await createWorld({ database: { rewrite: (text) => (statements.push(text), text) } })
  const sweep = createForgetNews(other.db)
  await sweep()
  const statement = statements.find((text) => text.includes('delete from news')) ?? ''
  await sql`set enable_seqscan = off`.execute(world.db.single)
  const filled = statement
    .replace('$1', `'00000000-0000-0000-0000-000000000000'`)
    .replace('$2', '500')
    .replace('$3', '1000')
    .replace('$4', '72')
    .replace('$5', '1000')
    .replace('$6', '1000')
  const { rows } = await sql.raw<{ 'QUERY PLAN': string }>(`explain ${filled}`).execute(world.db.single)
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  for (const key of ['stream_pkey', 'news_pkey']) expect(plan).toContain(key)
  expect(plan).not.toMatch(/Seq Scan on (stream|news)/)
  await other.close()
})
