import type { GatewayName } from '@toota/contract'
import { sql } from 'kysely'
import {
  newId,
  type ChargeId,
  type Money,
  type PaymentId,
  type RefundId,
  type TripId,
} from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'

/** Money on its way back, with what its gateway must be told. */
export type Refund = {
  readonly id: RefundId
  readonly chargeId: ChargeId
  readonly paymentId: PaymentId
  readonly tripId: TripId
  readonly gateway: GatewayName
  readonly reference: string
  readonly chargeGatewayId: string
  readonly pageGatewayId: string | null
  readonly amount: Money
  readonly state: 'created' | 'sent' | 'done' | 'failed'
  /** It may have reached the gateway. */
  readonly wasSent: boolean
  readonly checks: number
  readonly createdAt: Date
}

/** A refund that is ours to advance as long as its lease is the one in the table. */
export type ClaimedRefund = Refund & { readonly lease: string }

const COLUMNS = sql`
  r.id, r.charge_id as "chargeId", p.id as "paymentId", p.trip_id as "tripId", c.gateway, p.reference,
  c.gateway_id as "chargeGatewayId", p.page_gateway_id as "pageGatewayId", r.amount_minor as "amountMinor", c.currency, r.state,
  r.sent_at is not null as "wasSent", r.checks, r.busy_until::text as lease, r.created_at as "createdAt"`

type Row = Omit<ClaimedRefund, 'amount'> & { amountMinor: number; currency: Money['currency'] }

const toRefund = ({ amountMinor, currency, ...row }: Row): ClaimedRefund => ({
  ...row,
  amount: { amountMinor, currency },
})

/** Reserves the amount on its charge, which refuses more than was taken, and writes the refund down before it is sent. */
export async function insertRefund(
  tx: Tx,
  chargeId: ChargeId,
  amountMinor: number,
  reason: string,
): Promise<RefundId> {
  const id = newId<RefundId>()
  await sql`update charge set refunded_minor = refunded_minor + ${amountMinor} where id = ${chargeId}`.execute(
    tx,
  )
  await tx
    .insertInto('refund')
    .values({ id, charge_id: chargeId, amount_minor: amountMinor, reason })
    .execute()
  return id
}

/** Takes refunds that are due, for `leaseSeconds`, and counts the try. */
export async function claimDueRefunds(tx: Tx, limit: number, leaseSeconds: number): Promise<ClaimedRefund[]> {
  return claim(
    tx,
    sql`select id from refund where due_at <= clock_timestamp() order by due_at limit ${limit} for update skip locked`,
    leaseSeconds,
  )
}

/** The same for those of one payment that the gateway has just said something about. */
export async function claimRefundsOf(
  tx: Tx,
  paymentId: PaymentId,
  leaseSeconds: number,
): Promise<ClaimedRefund[]> {
  return claim(
    tx,
    sql`select refund.id from refund join charge on charge.id = charge_id
        where charge.payment_id = ${paymentId} and refund.state in ('created', 'sent')
          and (busy_until is null or busy_until <= clock_timestamp())
        for update of refund skip locked`,
    leaseSeconds,
  )
}

async function claim(tx: Tx, which: ReturnType<typeof sql>, leaseSeconds: number): Promise<ClaimedRefund[]> {
  const { rows } = await sql<Row>`
    with taken as (
      update refund set checks = checks + 1, due_at = clock_timestamp() + make_interval(secs => ${leaseSeconds}),
        busy_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
      where id in (${which}) returning *)
    select ${COLUMNS} from taken as r join charge as c on c.id = r.charge_id join payment as p on p.id = c.payment_id`.execute(
    tx,
  )
  return rows.map(toRefund)
}

/** How many of a payment's refunds are under way, whoever has them. */
export async function countOpenRefunds(tx: Tx, paymentId: PaymentId): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from refund as r join charge as c on c.id = r.charge_id
    where c.payment_id = ${paymentId} and r.state in ('created', 'sent')`.execute(tx)
  return rows[0]?.count ?? 0
}

/**
 * Before the call: whoever comes later must ask first. False when the lease is over, since somebody else may have sent it by
 * now.
 */
export async function markRefundSent(tx: Tx, { id, lease }: ClaimedRefund): Promise<boolean> {
  const { rows } = await sql`
    update refund set sent_at = coalesce(sent_at, clock_timestamp()), state = 'sent'
    where id = ${id} and busy_until = ${lease}::timestamptz and busy_until > clock_timestamp() and state in ('created', 'sent')
    returning 1`.execute(tx)
  return rows.length > 0
}

/** The refund under its lock; its trip and payment are locked already. Undefined once it has ended or somebody else has it. */
export async function lockClaimedRefund(tx: Tx, { id, lease }: ClaimedRefund): Promise<Refund | undefined> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from refund as r join charge as c on c.id = r.charge_id join payment as p on p.id = c.payment_id
    where r.id = ${id} and r.busy_until = ${lease}::timestamptz and r.state in ('created', 'sent') for update of r`.execute(
    tx,
  )
  return rows[0] && toRefund(rows[0])
}

/** Asks again after `seconds`. */
export async function postponeRefund(
  tx: Tx,
  refundId: RefundId,
  seconds: number,
  gatewayId: string | null,
): Promise<void> {
  await sql`
    update refund set due_at = clock_timestamp() + make_interval(secs => ${seconds}), busy_until = null,
      gateway_id = coalesce(${gatewayId}, gateway_id)
    where id = ${refundId} and state in ('created', 'sent')`.execute(tx)
}

/** A failed refund gives its amount back to the charge, so that another may be tried. */
export async function endRefund(
  tx: Tx,
  refund: Refund,
  end: {
    readonly state: 'done' | 'failed'
    readonly gatewayId: string | null
    readonly failure: string | null
  },
): Promise<void> {
  await sql`
    update refund set state = ${end.state}, ended_at = clock_timestamp(), due_at = null, busy_until = null,
      gateway_id = coalesce(${end.gatewayId}, gateway_id), failure = ${end.failure}
    where id = ${refund.id}`.execute(tx)
  if (end.state === 'failed')
    await sql`
      update charge set refunded_minor = refunded_minor - ${refund.amount.amountMinor}
      where id = ${refund.chargeId}`.execute(tx)
}
