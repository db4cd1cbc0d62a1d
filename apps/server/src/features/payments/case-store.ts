import type { CaseKind } from '@toota/contract'
import { sql, type Selectable } from 'kysely'
import {
  newId,
  Refusal,
  type CaseId,
  type PaymentId,
  type PayoutId,
  type RefundId,
  type TripId,
} from '../../kernel/index.ts'
import type { Schema, Tx } from '../../platform/database/index.ts'

/** A matter of money that a person has to look at. */
export type MoneyCase = {
  readonly id: CaseId
  readonly kind: CaseKind
  readonly tripId: TripId | null
  readonly paymentId: PaymentId | null
  readonly refundId: RefundId | null
  readonly payoutId: PayoutId | null
  /** Facts only: amounts, ids, the gateway's words. */
  readonly details: Readonly<Record<string, unknown>>
  readonly openedAt: Date
  readonly resolvedAt: Date | null
  readonly resolvedBy: string | null
  readonly resolution: Readonly<Record<string, unknown>> | null
}

const toCase = (row: Selectable<Schema['money_case']>): MoneyCase => ({
  id: row.id,
  kind: row.kind,
  tripId: row.trip_id,
  paymentId: row.payment_id,
  refundId: row.refund_id,
  payoutId: row.payout_id,
  details: row.details as MoneyCase['details'],
  openedAt: row.opened_at,
  resolvedAt: row.resolved_at,
  resolvedBy: row.resolved_by,
  resolution: row.resolution as MoneyCase['resolution'],
})

export type NewCase = {
  readonly kind: CaseKind
  /** Names the matter within its kind: it is opened once. */
  readonly about: string
  readonly tripId?: TripId
  readonly paymentId?: PaymentId
  readonly refundId?: RefundId
  readonly payoutId?: PayoutId
  readonly details: Readonly<Record<string, unknown>>
}

/** Once per matter; while it is open, what is said later takes the place of what was said before. */
export async function openCase(tx: Tx, matter: NewCase): Promise<void> {
  await tx
    .insertInto('money_case')
    .values({
      id: newId<CaseId>(),
      key: `${subjectOf(matter.kind)}:${matter.about}`,
      kind: matter.kind,
      trip_id: matter.tripId ?? null,
      payment_id: matter.paymentId ?? null,
      refund_id: matter.refundId ?? null,
      payout_id: matter.payoutId ?? null,
      details: JSON.stringify(matter.details),
    })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({ kind: matter.kind, details: JSON.stringify(matter.details) })
        .where('money_case.resolved_at', 'is', null),
    )
    .execute()
}

/** Cash that is short and then also disputed is one matter. */
const subjectOf = (kind: CaseKind): string => kind.split('-', 1)[0] ?? kind

export async function findCases(
  tx: Tx,
  { isOpen, limit, cursor }: { isOpen: boolean; limit: number; cursor?: CaseId | undefined },
): Promise<MoneyCase[]> {
  const { rows } = await sql<Selectable<Schema['money_case']>>`
    select * from money_case
    where (resolved_at is null) = ${isOpen}
      and (${cursor ?? null}::uuid is null or (opened_at, id) < (select opened_at, id from money_case where id = ${cursor ?? null}))
    order by opened_at desc, id desc limit ${limit}`.execute(tx)
  return rows.map(toCase)
}

/** Refuses not-found. */
export async function getCase(tx: Tx, caseId: CaseId): Promise<MoneyCase> {
  const row = await tx.selectFrom('money_case').selectAll().where('id', '=', caseId).executeTakeFirst()
  if (!row) throw new Refusal('not-found')
  return toCase(row)
}

/** False when it was resolved before. */
export async function saveResolution(
  tx: Tx,
  caseId: CaseId,
  by: string,
  resolution: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const { rows } = await sql`
    update money_case set resolved_at = clock_timestamp(), resolved_by = ${by}, resolution = ${JSON.stringify(resolution)}::jsonb
    where id = ${caseId} and resolved_at is null returning 1`.execute(tx)
  return rows.length > 0
}
