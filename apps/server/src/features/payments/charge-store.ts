import type { GatewayName } from '@toota/contract'
import { sql, type Selectable } from 'kysely'
import { newId, type ChargeId, type ChargeReport, type PaymentId } from '../../kernel/index.ts'
import type { Schema, Tx } from '../../platform/database/index.ts'

/** Money a gateway took; each of its transactions is here once. */
export type Charge = {
  readonly id: ChargeId
  readonly paymentId: PaymentId
  readonly gateway: GatewayName
  readonly gatewayId: string
  readonly amountMinor: number
  readonly feeMinor: number
  /** It pays for the trip. */
  readonly isCounted: boolean
  readonly refundedMinor: number
  readonly isReversed: boolean
}

const toCharge = (row: Selectable<Schema['charge']>): Charge => ({
  id: row.id,
  paymentId: row.payment_id,
  gateway: row.gateway,
  gatewayId: row.gateway_id,
  amountMinor: row.amount_minor,
  feeMinor: row.fee_minor,
  isCounted: row.is_counted,
  refundedMinor: row.refunded_minor,
  isReversed: row.reversed_at !== null,
})

export async function findCharge(
  tx: Tx,
  gateway: GatewayName,
  gatewayId: string,
): Promise<Charge | undefined> {
  const row = await tx
    .selectFrom('charge')
    .selectAll()
    .where('gateway', '=', gateway)
    .where('gateway_id', '=', gatewayId)
    .executeTakeFirst()
  return row && toCharge(row)
}

/** The charge that pays for the trip. */
export async function findCountedCharge(tx: Tx, paymentId: PaymentId): Promise<Charge | undefined> {
  const row = await tx
    .selectFrom('charge')
    .selectAll()
    .where('payment_id', '=', paymentId)
    .where('is_counted', '=', true)
    .executeTakeFirst()
  return row && toCharge(row)
}

/** The same under its lock. */
export async function lockCountedCharge(tx: Tx, paymentId: PaymentId): Promise<Charge | undefined> {
  const row = await tx
    .selectFrom('charge')
    .selectAll()
    .where('payment_id', '=', paymentId)
    .where('is_counted', '=', true)
    .forUpdate()
    .executeTakeFirst()
  return row && toCharge(row)
}

/** All charges of a payment, under their locks. */
export async function lockCharges(tx: Tx, paymentId: PaymentId): Promise<Charge[]> {
  const rows = await tx
    .selectFrom('charge')
    .selectAll()
    .where('payment_id', '=', paymentId)
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(toCharge)
}

export async function insertCharge(
  tx: Tx,
  paymentId: PaymentId,
  gateway: GatewayName,
  report: ChargeReport,
  isCounted: boolean,
): Promise<Charge> {
  const row = await tx
    .insertInto('charge')
    .values({
      id: newId<ChargeId>(),
      payment_id: paymentId,
      gateway,
      gateway_id: report.gatewayId,
      amount_minor: report.amountMinor,
      currency: report.currency as Selectable<Schema['charge']>['currency'],
      fee_minor: Math.min(report.feeMinor, report.amountMinor),
      is_counted: isCounted,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toCharge(row)
}

export async function saveReversed(tx: Tx, chargeId: ChargeId): Promise<void> {
  await sql`update charge set reversed_at = clock_timestamp() where id = ${chargeId}`.execute(tx)
}
