import { sql } from 'kysely'
import type { Database } from './database/index.ts'
import type { Metrics, Reading } from './metrics.ts'

type Lag = Reading<'toota_due_work_lag_seconds'>

/** How far behind its sweeps the database is, asked of its indexes of due work whenever the metrics are read. */
export function measureDueWork(
  metrics: Metrics,
  db: Database,
  { sendsMail }: { readonly sendsMail: boolean },
): void {
  metrics.gauge('toota_due_work_lag_seconds', async (): Promise<Lag[]> => {
    const { rows } = await sql<{ work: string; seconds: number }>`
      select work, coalesce(greatest(0, extract(epoch from clock_timestamp() - due_at)), 0)::float8 as seconds
      from (values
        ('offers', (select min(expires_at) from offer where state = 'open')),
        ('quotes', (select min(quote_expires_at) from trip where status = 'pending')),
        ('mail', (select min(due_at) from mail where sent_at is null and given_up_at is null)),
        ('payments', (select min(due_at) from payment where due_at is not null)),
        ('refunds', (select min(due_at) from refund where due_at is not null)),
        ('payouts', (select min(due_at) from payout where due_at is not null)),
        ('gateway-events', (select min(due_at) from gateway_event where due_at is not null)),
        ('receipts', (select min(receipt_due_at) from settlement where receipt_due_at is not null))
      ) as due (work, due_at)`.execute(db.single)
    // Without a mail server mail is kept, and is nobody's due work.
    const watched = rows.filter(({ work }) => sendsMail || work !== 'mail')
    return watched.map(({ work, seconds }) => ({ labels: { work }, value: seconds }))
  })
  metrics.gauge('toota_money_cases_open', async () => {
    const { rows } = await sql<{ open: number }>`
      select count(*) as open from money_case where resolved_at is null`.execute(db.single)
    return rows[0]?.open ?? 0
  })
}
