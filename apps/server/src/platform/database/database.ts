import { CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Metrics } from '../metrics.ts'
import { SpanKind, traced } from '../tracing.ts'
import { countDatabase, type DatabaseCounts } from './database-counts.ts'
import { namingClient } from './naming-client.ts'
import type { Schema } from './schema.ts'

/** A handle inside one transaction. Stores take it first and never keep it. */
export type Tx = Kysely<Schema>

export type Database = {
  /**
   * Runs `work` in a READ COMMITTED transaction and answers after COMMIT. Retried on deadlock and serialization
   * failure, so `work` must have no effect outside the database; such effects go through {@link onCommit}.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Reads one instant of the database (REPEATABLE READ). */
  snapshot<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Single statements outside a transaction. */
  readonly single: Tx
  /** Statements sent since the start: benchmarks and tests prove "no query here" by it. */
  statementCount(): number
  /** From now on counts statements, transactions and connections there. */
  measure(metrics: Metrics): void
  close(): Promise<void>
}

export type DatabaseOptions = {
  url: string
  poolSize?: number
  /** Called for errors of idle connections: a restart of PostgreSQL must not end the process. */
  onIdleError?: (error: Error) => void
  /** Sees each statement before it is sent and may replace it: the saboteurs of the race suite. */
  rewrite?: (text: string) => string
}

// Set per transaction, since session settings do not survive a transaction pooler.
const TIMEOUTS =
  "set local statement_timeout = '5s'; set local lock_timeout = '2s'; set local idle_in_transaction_session_timeout = '10s'"
const MAX_ATTEMPTS = 5
const SERIALIZATION_FAILURE = '40001'
const DEADLOCK_DETECTED = '40P01'

// bigint comes as a string; every one of ours (money, counters) is far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

const commitHooks = new WeakMap<Tx, (() => void)[]>()

/** Runs `effect` once the transaction of `tx` has committed, and never if it has not. */
export function onCommit(tx: Tx, effect: () => void): void {
  const hooks = commitHooks.get(tx)
  if (!hooks) throw new Error('onCommit needs the handle of a transaction')
  hooks.push(effect)
}

export function openDatabase(options: DatabaseOptions): Database {
  let statements = 0
  let counts: DatabaseCounts | undefined
  const count = () => {
    statements++
    if (!counts) return undefined
    const { querySeconds } = counts
    const startedAt = performance.now()
    return () => querySeconds.observe((performance.now() - startedAt) / 1000)
  }
  const poolSize = options.poolSize ?? 10
  const pool = new pg.Pool({
    ...connectionOf(options.url),
    max: poolSize,
    connectionTimeoutMillis: 5_000,
    // A server that is silently gone must not hold a sweep or a request for ever.
    keepAlive: true,
    query_timeout: 10_000,
    Client: namingClient({ isPooled: isPooled(options.url), count, rewrite: options.rewrite }),
  })
  pool.on('error', (error) => options.onIdleError?.(error))
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  const run = <T>(begin: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
    traced('transaction', SpanKind.CLIENT, { 'db.system.name': 'postgresql' }, () =>
      withRetries(
        () => runTransaction(kysely, begin, work, counts),
        () => counts,
      ),
    )

  return {
    single: kysely,
    transaction: (work) => run(`begin; ${TIMEOUTS}`, work),
    snapshot: (work) => run(`begin isolation level repeatable read read only; ${TIMEOUTS}`, work),
    statementCount: () => statements,
    measure: (metrics) => (counts = countDatabase(metrics, pool, poolSize)),
    close: () => kysely.destroy(),
  }
}

async function runTransaction<T>(
  kysely: Tx,
  begin: string,
  work: (tx: Tx) => Promise<T>,
  counts: DatabaseCounts | undefined,
): Promise<T> {
  const { result, effects } = await kysely.connection().execute(async (tx) => {
    const effects: (() => void)[] = []
    commitHooks.set(tx, effects)
    await tx.executeQuery(CompiledQuery.raw(begin))
    try {
      const result = await work(tx)
      await tx.executeQuery(CompiledQuery.raw('commit'))
      counts?.committed.add()
      return { result, effects }
    } catch (error) {
      // A broken connection cannot roll back; PostgreSQL has done it already.
      await tx.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined)
      counts?.rolledBack.add()
      throw error
    } finally {
      commitHooks.delete(tx)
    }
  })
  for (const effect of effects) effect()
  return result
}

async function withRetries<T>(
  attempt: () => Promise<T>,
  counts: () => DatabaseCounts | undefined,
): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await attempt()
    } catch (error) {
      const code = errorCode(error)
      if (n === MAX_ATTEMPTS || (code !== SERIALIZATION_FAILURE && code !== DEADLOCK_DETECTED)) throw error
      counts()?.[code === DEADLOCK_DETECTED ? 'deadlocks' : 'serializationFailures'].add()
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** n))
    }
  }
}

/** PostgreSQL's SQLSTATE of an error, when it has one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** The constraint that refused a row (unique index or check), by its name. */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && (error.code === '23505' || error.code === '23514')
    ? error.constraint
    : undefined
}

/** A pooler in transaction mode (Supabase's port 6543, pgbouncer) loses named statements between queries. */
export function isPooled(url: string): boolean {
  const { port, searchParams } = new URL(url)
  return port === '6543' || searchParams.get('pgbouncer') === 'true'
}

/** `pgbouncer=true` is a hint for clients, not a parameter that PostgreSQL knows. */
export function connectionOf(url: string): { connectionString: string } {
  const parsed = new URL(url)
  parsed.searchParams.delete('pgbouncer')
  return { connectionString: parsed.toString() }
}
