import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from '../../test/world.ts'
import { Refusal, type CustomerId } from '../kernel/index.ts'
import { forgetAnswers, once, type Call, type KeptAnswer } from './kept-answers.ts'

describe('kept answers', () => {
  let world: World
  let customerId: CustomerId
  beforeAll(async () => {
    world = await createWorld()
    customerId = await world.addCustomer()
  })
  afterAll(() => world.close())

  /** Adds one quote, as a creating call would. */
  const add = (key: string, request: unknown = {}): Promise<KeptAnswer> => {
    const call: Call = { accountId: customerId, route: 'POST /things', key, request }
    return once(
      world.db,
      call,
      (db) =>
        db.transaction(async (tx) => {
          const { rows } = await sql<{ id: string }>`
            insert into mail (id, recipient, subject, body)
            values (gen_random_uuid(), 'a@b.c', ${key}, '') returning id`.execute(tx)
          if (key === 'refused') throw new Refusal('not-found')
          return rows[0]
        }),
      {
        done: (row) => ({ status: 201, body: JSON.stringify(row) }),
        refused: ({ code }) => ({ status: 404, body: code }),
      },
    )
  }
  const count = async (key: string) =>
    (await world.db.single.selectFrom('mail').select('id').where('subject', '=', key).execute()).length

  it('[AP2] fifty at once have one effect and, but for those told to come again, one answer', async () => {
    const calls = await Promise.allSettled(Array.from({ length: 50 }, () => add('fifty')))
    const done = calls.flatMap((call) => (call.status === 'fulfilled' ? [call.value.body] : []))
    const refused = calls.flatMap((call) =>
      call.status === 'rejected' ? [(call.reason as Refusal).code] : [],
    )
    expect(new Set(done).size).toBe(1)
    expect(new Set(refused)).toEqual(new Set(refused.length > 0 ? ['request-in-flight'] : []))
    expect(await count('fifty')).toBe(1)
    expect((await add('fifty')).body).toBe(done[0])
  })

  it('[AP2] an answer that cannot be kept takes its effect back', async () => {
    await sql`create function no_answer() returns trigger language plpgsql as
      $$ begin if new.key = 'lost' then raise exception 'disk full'; end if; return new; end $$`.execute(
      world.db.single,
    )
    await sql`create trigger no_answer before insert on kept_answer for each row execute function no_answer()`.execute(
      world.db.single,
    )
    await expect(add('lost')).rejects.toThrow('disk full')
    expect(await count('lost')).toBe(0)
  })

  it('[AP2] a refusal leaves nothing behind but itself', async () => {
    expect(await add('refused')).toEqual({ status: 404, body: 'not-found' })
    expect(await add('refused')).toEqual({ status: 404, body: 'not-found' })
    expect(await count('refused')).toBe(0)
    await expect(add('refused', { other: true })).rejects.toMatchObject({ code: 'idempotency-key-reused' })
  })

  it('[AP6] answers are forgotten after two days, not before', async () => {
    await add('old')
    await add('young')
    await sql`update kept_answer set created_at = clock_timestamp() - interval '49 hours' where key = 'old'`.execute(
      world.db.single,
    )
    await forgetAnswers(world.db)
    const keys = await world.db.single.selectFrom('kept_answer').select('key').execute()
    expect(keys.map(({ key }) => key)).toContain('young')
    expect(keys.map(({ key }) => key)).not.toContain('old')
  })
})
