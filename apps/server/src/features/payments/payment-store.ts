import type { GatewayName, PaymentMethod, PaymentStatus } from '@toota/contract'
import { sql, type Selectable } from 'kysely'
import { Refusal, type DriverId, type Money, type PaymentId, type TripId } from '../../kernel/index.ts'
import { isOneOf, type Schema, type Tx } from '../../platform/database/index.ts'
import type { Payment } from './model/payment.ts'

type Row = Selectable<Schema['payment']>

const toPayment = (row: Row): Payment => ({
  id: row.id,
  tripId: row.trip_id,
  method: row.method,
  status: row.status,
  amount: { amountMinor: row.amount_minor, currency: row.currency },
  creditMinor: row.credit_minor,
  gateway: row.gateway,
  reference: row.reference,
  pageGatewayId: row.page_gateway_id,
  link: row.link,
  failure: row.failure,
  isReplaced: row.replaced_at !== null,
  checks: row.checks,
  wasStarted: row.busy_until !== null,
  receivedMinor: row.received_minor,
  receivedBy: row.received_by,
  isStated: row.stated_at !== null,
  confirmedMinor: row.confirmed_minor,
})

/** The trip's live payment. */
export async function findPayment(tx: Tx, tripId: TripId): Promise<Payment | undefined> {
  return (await findPayments(tx, [tripId]))[0]
}

/** The live payments of these trips, of which each has at most one. */
export async function findPayments(tx: Tx, tripIds: readonly TripId[]): Promise<Payment[]> {
  const { rows } = await sql<Row>`
    select * from payment where ${isOneOf('trip_id', tripIds)} and replaced_at is null`.execute(tx)
  return rows.map(toPayment)
}

/** Refuses `payment-missing` before one was chosen. */
export async function getPayment(tx: Tx, tripId: TripId): Promise<Payment> {
  const payment = await findPayment(tx, tripId)
  if (!payment) throw new Refusal('payment-missing')
  return payment
}

/** Any attempt, live or replaced. */
export async function findPaymentById(tx: Tx, paymentId: PaymentId): Promise<Payment | undefined> {
  const row = await tx.selectFrom('payment').selectAll().where('id', '=', paymentId).executeTakeFirst()
  return row && toPayment(row)
}

export async function findPaymentByReference(tx: Tx, reference: string): Promise<Payment | undefined> {
  const row = await tx.selectFrom('payment').selectAll().where('reference', '=', reference).executeTakeFirst()
  return row && toPayment(row)
}

/** A gateway may know a payment by an id of its own only. */
export async function findPaymentByPage(
  tx: Tx,
  gateway: GatewayName,
  pageGatewayId: string,
): Promise<Payment | undefined> {
  const row = await tx
    .selectFrom('payment')
    .selectAll()
    .where('gateway', '=', gateway)
    .where('page_gateway_id', '=', pageGatewayId)
    .executeTakeFirst()
  return row && toPayment(row)
}

/** The payment under its row lock; its trip is locked already. */
export async function lockPayment(tx: Tx, paymentId: PaymentId): Promise<Payment> {
  const row = await tx
    .selectFrom('payment')
    .selectAll()
    .where('id', '=', paymentId)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Refusal('not-found')
  return toPayment(row)
}

export type NewPayment = {
  readonly id: PaymentId
  readonly tripId: TripId
  readonly method: PaymentMethod
  readonly status: PaymentStatus
  readonly amount: Money
  readonly creditMinor: number
  readonly gateway: GatewayName | null
  readonly reference: string | null
}

export async function insertPayment(tx: Tx, payment: NewPayment): Promise<Payment> {
  const row = await tx
    .insertInto('payment')
    .values({
      id: payment.id,
      trip_id: payment.tripId,
      method: payment.method,
      status: payment.status,
      amount_minor: payment.amount.amountMinor,
      credit_minor: payment.creditMinor,
      currency: payment.amount.currency,
      gateway: payment.gateway,
      reference: payment.reference,
      due_at: payment.gateway === null ? null : dueAfter(FIRST_CHECK_SECONDS),
      paid_at: payment.status === 'success' ? sql<Date>`clock_timestamp()` : null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toPayment(row)
}

/** Until a customer can have paid. */
const FIRST_CHECK_SECONDS = 30

const dueAfter = (seconds: number) => sql<Date>`clock_timestamp() + make_interval(secs => ${seconds})`

export async function replacePayment(tx: Tx, paymentId: PaymentId): Promise<void> {
  await tx
    .updateTable('payment')
    .set({ replaced_at: sql<Date>`clock_timestamp()` })
    .where('id', '=', paymentId)
    .execute()
}

export type PaymentChange = {
  readonly status: PaymentStatus
  readonly failure?: string | null
  /** Seconds until the sweep asks again; null: never. */
  readonly dueAfterSeconds: number | null
  /** The gateway has confirmed it just now. */
  readonly isVerified?: boolean
  readonly isReplaced?: boolean
  readonly page?: { readonly link: string; readonly gatewayId: string | null }
}

/** Saves what became of a payment. `paid_at` keeps the first time. */
export async function savePayment(tx: Tx, payment: Payment, change: PaymentChange): Promise<Payment> {
  const isPaid = ['success', 'refunding', 'refunded', 'reversed'].includes(change.status)
  const row = await tx
    .updateTable('payment')
    .set({
      status: change.status,
      ...(change.failure !== undefined && { failure: change.failure }),
      due_at: change.dueAfterSeconds === null ? null : dueAfter(change.dueAfterSeconds),
      ...(change.isVerified && { verified_at: sql<Date>`clock_timestamp()` }),
      ...(isPaid && { paid_at: sql<Date>`coalesce(paid_at, clock_timestamp())` }),
      ...(change.isReplaced === false && { replaced_at: null }),
      ...(change.page && { link: change.page.link, page_gateway_id: change.page.gatewayId }),
    })
    .where('id', '=', payment.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toPayment(row)
}

/**
 * Takes the right to ask the gateway for this payment's page; undefined while somebody else has it. A process that dies with
 * it leaves it to run out.
 */
export async function claimStart(
  tx: Tx,
  paymentId: PaymentId,
  leaseSeconds: number,
): Promise<Payment | undefined> {
  const { rows } = await sql<Row & { was_started: boolean }>`
    update payment as p set busy_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    from (select id, busy_until from payment where id = ${paymentId} for update) as before
    where p.id = before.id and (before.busy_until is null or before.busy_until <= clock_timestamp())
    returning p.*, before.busy_until is not null as was_started`.execute(tx)
  const row = rows[0]
  return row && { ...toPayment(row), wasStarted: row.was_started }
}

/** The others need not wait for the lease to run out. */
export async function endStart(tx: Tx, paymentId: PaymentId): Promise<void> {
  await sql`update payment set busy_until = clock_timestamp() where id = ${paymentId}`.execute(tx)
}

/** Takes payments whose next check is due, for `leaseSeconds`, and counts the check. */
export async function claimDuePayments(tx: Tx, limit: number, leaseSeconds: number): Promise<Payment[]> {
  const { rows } = await sql<Row>`
    update payment set checks = checks + 1, due_at = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    where id in (select id from payment where due_at <= clock_timestamp()
                 order by due_at limit ${limit} for update skip locked)
    returning *`.execute(tx)
  return rows.map(toPayment)
}

/** Live payments of these trips that hold somebody's money: paid ones, and those that set credit aside. */
export async function findMoneyOf(tx: Tx, tripIds: readonly TripId[]): Promise<Payment[]> {
  if (tripIds.length === 0) return []
  const rows = await tx
    .selectFrom('payment')
    .selectAll()
    .where('trip_id', 'in', tripIds)
    .where('replaced_at', 'is', null)
    .where((where) => where.or([where('status', '=', 'success'), where('credit_minor', '>', 0)]))
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(toPayment)
}

/** Records that the driver holds the cash; undefined when none is due, so it counts once. */
export async function receiveDueCash(
  tx: Tx,
  tripId: TripId,
  driverId: DriverId,
  statement: { readonly receivedMinor: number } | 'implied',
): Promise<Payment | undefined> {
  const isStated = statement !== 'implied'
  const row = await tx
    .updateTable('payment')
    .set({
      status: 'success',
      paid_at: sql<Date>`clock_timestamp()`,
      received_by: driverId,
      received_minor: isStated ? statement.receivedMinor : sql<number>`amount_minor`,
      stated_at: isStated ? sql<Date>`clock_timestamp()` : null,
    })
    .where('trip_id', '=', tripId)
    .where('method', '=', 'cash')
    .where('status', '=', 'pending')
    .where('replaced_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
  return row && toPayment(row)
}

/** What the books now say was handed over. `isStated`: the driver has said so himself. */
export async function saveReceived(
  tx: Tx,
  paymentId: PaymentId,
  { receivedMinor, isStated }: { receivedMinor: number; isStated: boolean },
): Promise<Payment> {
  const row = await tx
    .updateTable('payment')
    .set({
      received_minor: receivedMinor,
      ...(isStated && { stated_at: sql<Date>`coalesce(stated_at, clock_timestamp())` }),
    })
    .where('id', '=', paymentId)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toPayment(row)
}

export async function saveConfirmed(tx: Tx, paymentId: PaymentId, confirmedMinor: number): Promise<Payment> {
  const row = await tx
    .updateTable('payment')
    .set({ confirmed_minor: confirmedMinor, confirmed_at: sql<Date>`clock_timestamp()` })
    .where('id', '=', paymentId)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toPayment(row)
}

/** Uses up one of the tries of a payment's code; false when none is left. */
export async function takeCodeTry(tx: Tx, paymentId: PaymentId): Promise<boolean> {
  const { rows } = await sql`
    update payment set code_tries_left = code_tries_left - 1
    where id = ${paymentId} and code_tries_left > 0 returning 1`.execute(tx)
  return rows.length > 0
}
