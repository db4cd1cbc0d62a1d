import type pg from 'pg'
import type { Counter, Histogram, Metrics } from '../metrics.ts'

/** What a database counts of itself once somebody wants to know. */
export type DatabaseCounts = {
  readonly querySeconds: Histogram
  readonly committed: Counter
  readonly rolledBack: Counter
  readonly deadlocks: Counter
  readonly serializationFailures: Counter
}

export function countDatabase(metrics: Metrics, pool: pg.Pool, poolSize: number): DatabaseCounts {
  metrics.gauge('toota_database_pool_size', () => poolSize)
  metrics.gauge('toota_database_waiting', () => pool.waitingCount)
  metrics.gauge('toota_database_connections', () => [
    { labels: { state: 'idle' }, value: pool.idleCount },
    { labels: { state: 'busy' }, value: pool.totalCount - pool.idleCount },
  ])
  return {
    querySeconds: metrics.histogram('toota_database_query_seconds', {}),
    committed: metrics.counter('toota_database_transactions_total', { outcome: 'committed' }),
    rolledBack: metrics.counter('toota_database_transactions_total', { outcome: 'rolled-back' }),
    deadlocks: metrics.counter('toota_database_retries_total', { reason: 'deadlock' }),
    serializationFailures: metrics.counter('toota_database_retries_total', { reason: 'serialization' }),
  }
}
