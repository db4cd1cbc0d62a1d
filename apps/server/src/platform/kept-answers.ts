import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { Refusal, type AccountId } from '../kernel/index.ts'
import type { Database, Tx } from './database/index.ts'

/** A call that must take effect once however often it arrives. */
export type Call = {
  readonly accountId: AccountId
  /** Method and pattern; the same key may be used on two routes. */
  readonly route: string
  /** The client's Idempotency-Key. */
  readonly key: string
  /** Path and body as parsed: the same key with something else is refused. */
  readonly request: unknown
}

export type KeptAnswer = { readonly status: number; readonly body: string }

/** Thrown inside a transaction that turned out to be a repeat, so that it rolls back. */
class AnsweredBefore extends Error {
  readonly answer: KeptAnswer
  constructor(answer: KeptAnswer) {
    super('answered before')
    this.answer = answer
  }
}

/**
 * Runs `work` with a database whose transaction also writes the answer down: effect and answer commit together. A
 * repeat with the same key and request gets the same answer again, refusals included, and has no effect. `work` must
 * make one transaction and return what it returned. Refuses `idempotency-key-reused`, `request-in-flight`.
 */
export async function once<T>(
  db: Database,
  call: Call,
  work: (db: Database) => Promise<T>,
  answers: { done: (result: T) => KeptAnswer; refused: (refusal: Refusal) => KeptAnswer | undefined },
): Promise<KeptAnswer> {
  const fingerprint = createHash('sha256').update(JSON.stringify(call.request)).digest()
  const earlier = await findAnswer(db.single, call, fingerprint)
  if (earlier) return earlier

  let kept: { result: unknown; answer: KeptAnswer } | undefined
  const recording: Database = {
    ...db,
    transaction: (inner) =>
      db.transaction(async (tx) => {
        await claim(tx, call)
        const before = await findAnswer(tx, call, fingerprint)
        if (before) throw new AnsweredBefore(before)
        const result = await inner(tx)
        const answer = answers.done(result as unknown as T)
        await insertAnswer(tx, call, fingerprint, answer)
        kept = { result, answer }
        return result
      }),
  }
  try {
    const result = await work(recording)
    if (!kept || kept.result !== result)
      throw new Error(`${call.route} must return what its transaction returned`)
    return kept.answer
  } catch (error) {
    if (error instanceof AnsweredBefore) return error.answer
    const answer = error instanceof Refusal && !isAboutTheKey(error) ? answers.refused(error) : undefined
    if (!answer) throw error
    // A refusal has rolled back, so there is nothing it could commit with.
    await insertAnswer(db.single, call, fingerprint, answer)
    return answer
  }
}

const isAboutTheKey = ({ code }: Refusal): boolean =>
  code === 'request-in-flight' || code === 'idempotency-key-reused'

/** One at a time per key; whoever comes second does not wait but is told to come again. */
async function claim(tx: Tx, { accountId, route, key }: Call): Promise<void> {
  const name = JSON.stringify([accountId, route, key])
  const { rows } = await sql<{ isMine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${name}, 3)) as "isMine"`.execute(tx)
  if (rows[0]?.isMine !== true) throw new Refusal('request-in-flight')
}

async function findAnswer(tx: Tx, call: Call, fingerprint: Buffer): Promise<KeptAnswer | undefined> {
  const row = await tx
    .selectFrom('kept_answer')
    .select(['fingerprint', 'status', 'body'])
    .where('account_id', '=', call.accountId)
    .where('route', '=', call.route)
    .where('key', '=', call.key)
    .executeTakeFirst()
  if (row && !row.fingerprint.equals(fingerprint)) throw new Refusal('idempotency-key-reused')
  return row && { status: row.status, body: row.body }
}

async function insertAnswer(tx: Tx, call: Call, fingerprint: Buffer, answer: KeptAnswer): Promise<void> {
  await tx
    .insertInto('kept_answer')
    .values({ account_id: call.accountId, route: call.route, key: call.key, fingerprint, ...answer })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

const KEPT_HOURS = 48
const BATCH = 1_000
const PAUSE_MS = 10 * 60_000

/** Forgets answers that no retry will ask for any more; answers in how many milliseconds to look again. */
export async function forgetAnswers(db: Database): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from kept_answer where ctid in (
      select ctid from kept_answer where created_at < clock_timestamp() - make_interval(hours => ${KEPT_HOURS})
      order by created_at limit ${BATCH} for update skip locked)`.execute(db.single)
  return Number(numAffectedRows) === BATCH ? 0 : PAUSE_MS
}
