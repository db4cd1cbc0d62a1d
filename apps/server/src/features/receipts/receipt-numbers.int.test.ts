import { sql } from 'kysely'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../../../test/world.ts'
import { openDatabase, type Database } from '../../platform/database/index.ts'
import { acceptOffer, advanceTrip } from '../trips/index.ts'
import { issueReceipts } from './issue-receipts.ts'
import { viewReceipt } from './view-receipt.ts'

const TRIPS = 60
const PROCESSES = 4

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** A world with completed trips whose receipts are all due. */
async function newWorld(): Promise<World> {
  const world = await createWorld()
  cleanUps.push(() => world.close())
  await Promise.all(Array.from({ length: 6 }, () => driveSome(world, TRIPS / 6)))
  return world
}

async function driveSome(world: World, count: number): Promise<void> {
  const customer = await world.addCustomer()
  const driver = await world.addDriver()
  for (let n = 0; n < count; n++) {
    const trip = await world.requestTrip(customer)
    await acceptOffer(world.platform, driver, await world.offer(customer, trip.id, driver))
    for (const status of ['arrived_pickup', 'loaded', 'completed'] as const)
      await advanceTrip(world.platform, driver, trip.id, status)
  }
}

/** Another process as the database sees it: a pool and transactions of its own. */
function openProcess(world: World, rewrite?: (text: string) => string): Database {
  const db = openDatabase({ url: world.url, poolSize: 3, ...(rewrite && { rewrite }) })
  cleanUps.push(() => db.close())
  return db
}

const postponeAll = ({ db }: World) =>
  sql`update settlement set receipt_due_at = 'infinity'`.execute(db.single)

/** Makes some due that were postponed, and all that a lease of somebody dead holds back. */
async function makeDue({ db }: World, count: number): Promise<void> {
  await sql`
    update settlement set receipt_due_at = now()
    where receipt_due_at > now() and receipt_due_at < 'infinity' or trip_id in (
      select trip_id from settlement where receipt_due_at = 'infinity' order by settled_at limit ${count})`.execute(
    db.single,
  )
}

const numbersOf = async ({ db }: World): Promise<number[]> =>
  (await db.single.selectFrom('settlement').select('receipt_number').orderBy('receipt_number').execute()).map(
    ({ receipt_number }) => receipt_number ?? 0,
  )
const DENSE = Array.from({ length: TRIPS }, (_, index) => index + 1)

async function mailsPerReceipt({ db }: World): Promise<number[]> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from mail where attachment_name is not null group by attachment_name`.execute(
    db.single,
  )
  return rows.map(({ count }) => count)
}

/** A real process that issues receipts until it is killed; answers once it works. */
async function spawnIssuer({ url }: World): Promise<ChildProcess> {
  const from = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
  const script = `
    import { openDatabase } from ${from('../../platform/database/index.ts')}
    import { createMailOutbox } from ${from('../../platform/mail-table.ts')}
    import { issueReceipts } from ${from('issue-receipts.ts')}
    const settings = { companyName: 'Toota', taxNumbers: {} }
    const db = openDatabase({ url: ${JSON.stringify(url)}, poolSize: 2 })
    const platform = { db, settings, mail: createMailOutbox(), log: { error() {} } }
    for (let isFirst = true; ; isFirst = false) {
      await issueReceipts(platform).catch(() => undefined)
      if (isFirst) console.log('ready')
    }`
  const flags = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', script]
  const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] })
  cleanUps.push(() => Promise.resolve(void child.kill('SIGKILL')))
  await once(child.stdout, 'data')
  return child
}

describe('numbers', () => {
  it('[RC4] [RC6] are dense and mailed once, whichever statement is the last of a process', async () => {
    const world = await newWorld()
    await postponeAll(world)
    let statements = 0
    for (let last = 1; statements >= last - 1; last++) {
      await makeDue(world, 1)
      statements = 0
      const db = openProcess(world, (text) => {
        if (++statements === last) throw new Error('killed')
        return text
      })
      await issueReceipts({ ...world.platform, db }).catch(() => undefined)
      await db.close()
      const numbers = (await numbersOf(world)).filter((number) => number > 0)
      expect(numbers).toEqual(DENSE.slice(0, numbers.length))
    }
    // All statements of a sweep were the last one once.
    expect(statements).toBeGreaterThan(12)
    expect(await mailsPerReceipt(world)).toEqual((await mailsPerReceipt(world)).map(() => 1))
    expect((await mailsPerReceipt(world)).length).toBeGreaterThan(0)
  })

  it('[RC4] [RC6] are dense and mailed once, though several issue them and are killed all the time', async () => {
    const world = await newWorld()
    await postponeAll(world)
    const [steady, ...others] = await Promise.all(Array.from({ length: 3 }, () => spawnIssuer(world)))
    // Numbers are given all the while, and each victim is in the middle of something.
    for (let victim = others.pop(); victim; victim = others.pop()) {
      await makeDue(world, 12)
      await vi.waitUntil(async () => (await waiting(world)) < TRIPS, { timeout: 20_000, interval: 1 })
      victim.kill('SIGKILL')
    }
    await makeDue(world, 3)
    steady?.kill('SIGKILL')
    const last = await spawnIssuer(world)
    await makeDue(world, TRIPS)
    await vi.waitUntil(
      async () => {
        await makeDue(world, 0)
        return (await waiting(world)) === 0
      },
      { timeout: 20_000, interval: 50 },
    )
    last.kill('SIGKILL')
    expect(await numbersOf(world)).toEqual(DENSE)
    expect(await mailsPerReceipt(world)).toEqual(DENSE.map(() => 1))
  }, 90_000)

  it('[RC4] are dense when customers ask for receipts while sweeps number them', async () => {
    const world = await newWorld()
    const trips = await world.db.single.selectFrom('settlement').select(['trip_id', 'customer_id']).execute()
    const processes = Array.from({ length: PROCESSES }, () => openProcess(world))
    await Promise.all([
      ...processes.map((db) => issueReceipts({ ...world.platform, db })),
      ...trips.map(({ trip_id, customer_id }, index) =>
        viewReceipt(
          { ...world.platform, db: processes[index % PROCESSES] ?? world.db },
          { role: 'customer', accountId: customer_id },
          trip_id,
        ),
      ),
    ])
    expect(await numbersOf(world)).toEqual(DENSE)
  })

  it('[RC4] a saboteur that drops the counter’s lock and the database’s own checks is found out', async () => {
    const world = await newWorld()
    for (const statement of [
      'drop trigger receipt_numbers_are_dense on settlement',
      'drop trigger receipt_is_final on settlement',
      'alter table settlement drop constraint settlement_market_receipt_number_key',
    ])
      await sql.raw(statement).execute(world.db.single)
    const trips = await world.db.single.selectFrom('settlement').select(['trip_id', 'customer_id']).execute()
    const unlocked = (text: string) =>
      text.replace(/(from receipt_counter where market = \$1) for update/, '$1')
    const processes = Array.from({ length: PROCESSES }, () => openProcess(world, unlocked))
    await Promise.all(
      trips.map(({ trip_id, customer_id }, index) =>
        viewReceipt(
          { ...world.platform, db: processes[index % PROCESSES] ?? world.db },
          { role: 'customer', accountId: customer_id },
          trip_id,
        ),
      ),
    )
    expect(await numbersOf(world)).not.toEqual(DENSE)
  })
})

/** Receipts that are still to be numbered or mailed. */
async function waiting({ db }: World): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from settlement where receipt_due_at is not null`.execute(db.single)
  return rows[0]?.count ?? 0
}
