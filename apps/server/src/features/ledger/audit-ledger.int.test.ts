import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMoneyWorld, type MoneyWorld } from '../../../test/money.ts'
import { plantsIn, type Plant } from '../../../test/money-sim/plants.ts'
import { keepSoundBooks, type SoundBooks } from '../../../test/money-sim/sound-books.ts'
import type { Database } from '../../platform/database/index.ts'
import { auditLedger, type Breach } from './audit-ledger.ts'
import { CHECKS } from './audit-store.ts'

let world: MoneyWorld
let books: SoundBooks
beforeAll(async () => {
  world = await createMoneyWorld()
  books = await keepSoundBooks(world)
})
afterAll(() => world.close())

/** What the audit says of books with a breach in them; afterwards they are as they were. */
async function auditWith({ statements }: Plant): Promise<Breach[]> {
  let breaches: Breach[] | undefined
  const undone = new Error('undone')
  const planting = world.db.transaction(async (tx) => {
    for (const statement of statements) await sql.raw(statement).execute(tx)
    const db = { snapshot: (work: (inside: typeof tx) => unknown) => work(tx) } as unknown as Database
    breaches = await auditLedger({ db })
    throw undone
  })
  await expect(planting).rejects.toBe(undone)
  return breaches!
}

/** Sums come as text. */
const withNumbers = (row: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value,
    ]),
  )

describe('the audit', () => {
  it('[LG6] finds nothing in sound books, however much is under way', async () => {
    expect(await auditLedger(world.platform)).toEqual([])
  })

  it('[LG6] finds each breach, names its promise and rows, and no other', async () => {
    for (const plant of plantsIn(books)) {
      const breaches = await auditWith(plant)
      const { promise, how, rows } = plant
      expect(
        breaches.map((breach) => breach.promise),
        `${promise}: ${how}`,
      ).toEqual([promise])
      const found = breaches[0]!.rows.map(withNumbers)
      expect(found, how).toHaveLength(rows.length)
      for (const row of rows) expect(found, how).toContainEqual(expect.objectContaining(row))
    }
    expect(await auditLedger(world.platform)).toEqual([])
  })

  it('[LG6] keeps no promise that nobody has seen broken', () => {
    const planted = new Set(plantsIn(books).map(({ promise }) => promise))
    expect(CHECKS.map(({ promise }) => promise).filter((promise) => !planted.has(promise))).toEqual([])
    expect(CHECKS).toHaveLength(planted.size)
  })

  it('[LG6] shows the first rows of a promise that is broken everywhere', async () => {
    const breaches = await auditWith({
      ...plantsIn(books)[0]!,
      statements: [
        `insert into ledger_transaction (kind, key) select 'planted', n::text from generate_series(1, 50) as n`,
      ],
    })
    expect(breaches).toHaveLength(1)
    expect(breaches[0]!.rows).toHaveLength(20)
  })
})
