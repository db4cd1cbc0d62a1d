import type { GatewayName } from '@toota/contract'
import { sql } from 'kysely'
import type { ChargeReport } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'

/** A charge that only one side knows, or that the two have with other amounts. */
export type Difference = {
  readonly kind: 'only-theirs' | 'only-ours' | 'differs'
  readonly gatewayId: string
  readonly reference: string | null
  readonly oursMinor: number | null
  readonly theirsMinor: number | null
}

export type Reconciliation = {
  readonly gateway: GatewayName
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string
  readonly charges: number
  readonly differences: readonly Difference[]
}

type Ours = {
  readonly gatewayId: string
  readonly reference: string | null
  readonly amountMinor: number
  readonly isOfTheDay: boolean
}

/** Our charges of the span, and whichever else the gateway's list names. */
export async function findOurCharges(
  tx: Tx,
  gateway: GatewayName,
  span: { from: Date; to: Date },
  named: readonly ChargeReport[],
): Promise<Ours[]> {
  const { rows } = await sql<Ours>`
    select c.gateway_id as "gatewayId", p.reference, c.amount_minor as "amountMinor",
      c.created_at >= ${span.from} and c.created_at < ${span.to} as "isOfTheDay"
    from charge as c join payment as p on p.id = c.payment_id
    where c.gateway = ${gateway} and (c.created_at >= ${span.from} and c.created_at < ${span.to}
      or c.gateway_id = any(${named.map(({ gatewayId }) => gatewayId)}::text[]))`.execute(tx)
  return rows
}

export async function saveReconciliation(tx: Tx, result: Reconciliation): Promise<void> {
  await sql`
    insert into reconciliation (gateway, day, charges, differences)
    values (${result.gateway}, ${result.day}::date, ${result.charges}, ${JSON.stringify(result.differences)}::jsonb)
    on conflict (gateway, day) do update
      set checked_at = clock_timestamp(), charges = excluded.charges, differences = excluded.differences`.execute(
    tx,
  )
}

/** The gateways among these whose day was compared. */
export async function findReconciled(tx: Tx, day: string): Promise<GatewayName[]> {
  const { rows } = await sql<{ gateway: GatewayName }>`
    select gateway from reconciliation where day = ${day}::date`.execute(tx)
  return rows.map(({ gateway }) => gateway)
}
