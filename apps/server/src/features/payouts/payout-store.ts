import type { Currency, GatewayName, PayoutState } from '@toota/contract'
import { sql, type RawBuilder } from 'kysely'
import type { DriverId, PayoutId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Destination, Payout } from './model/payout.ts'

/** A payout that is ours to advance as long as its lease is the one in the table. */
export type ClaimedPayout = Payout & { readonly lease: string }

const COLUMNS = sql`
  id, driver_id as "driverId", gateway, reference, amount_minor as "amountMinor", currency, kind, name,
  account_number as "accountNumber", bank_code as "bankCode", state, gateway_id as "gatewayId", failure,
  sent_at is not null as "wasSent", checks as looks, busy_until::text as lease, created_at as "createdAt",
  ended_at as "endedAt"`

type Row = Omit<Payout, 'amount' | 'destination'> &
  Destination & { readonly amountMinor: number; readonly currency: Currency; readonly lease: string }

const toPayout = ({ amountMinor, currency, kind, name, accountNumber, bankCode, ...row }: Row) => ({
  ...row,
  amount: { amountMinor, currency },
  destination: { kind, name, accountNumber, bankCode },
})

/** Written down with its reference before any gateway hears of it; due at once. */
export async function insertPayout(
  tx: Tx,
  payout: Pick<Payout, 'id' | 'driverId' | 'reference' | 'amount' | 'destination'> & {
    readonly gateway: GatewayName
  },
): Promise<Payout> {
  const { kind, name, accountNumber, bankCode } = payout.destination
  const { rows } = await sql<Row>`
    insert into payout (id, driver_id, gateway, reference, amount_minor, currency, kind, name, account_number, bank_code)
    values (${payout.id}, ${payout.driverId}, ${payout.gateway}, ${payout.reference}, ${payout.amount.amountMinor},
      ${payout.amount.currency}, ${kind}, ${name}, ${accountNumber}, ${bankCode})
    returning ${COLUMNS}`.execute(tx)
  const row = rows[0]
  if (!row) throw new Error(`payout ${payout.id} was not inserted`)
  return toPayout(row)
}

export async function hasOpenPayout(tx: Tx, driverId: DriverId): Promise<boolean> {
  const { rows } = await sql`
    select from payout where driver_id = ${driverId} and state in ('created', 'sent') limit 1`.execute(tx)
  return rows.length > 0
}

/** A driver's own, newest first, after the one that `cursor` names; a cursor that is not his finds nothing. */
export async function findPayoutsOf(
  tx: Tx,
  driverId: DriverId,
  { limit, cursor = null }: { readonly limit: number; readonly cursor?: PayoutId | null | undefined },
): Promise<Payout[]> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from payout
    where driver_id = ${driverId}
      and (${cursor}::uuid is null or (created_at, id) < (
        select c.created_at, c.id from payout as c where c.id = ${cursor} and c.driver_id = ${driverId}))
    order by created_at desc, id desc limit ${limit}`.execute(tx)
  return rows.map(toPayout)
}

/** Takes payouts that are due, for `leaseSeconds`, and counts the look. */
export async function claimDuePayouts(tx: Tx, limit: number, leaseSeconds: number): Promise<ClaimedPayout[]> {
  const { rows } = await sql<Row>`
    update payout set checks = checks + 1, due_at = clock_timestamp() + make_interval(secs => ${leaseSeconds}),
      busy_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    where id in (select id from payout
                 where due_at <= clock_timestamp() and (busy_until is null or busy_until <= clock_timestamp())
                 order by due_at limit ${limit} for update skip locked)
    returning ${COLUMNS}`.execute(tx)
  return rows.map(toPayout)
}

/** Takes the payout that a gateway has just said something about, ended or not; `busy` when somebody else has it. */
export async function claimPayoutOf(
  tx: Tx,
  reference: string,
  leaseSeconds: number,
): Promise<ClaimedPayout | 'busy' | undefined> {
  const { rows } = await sql<Row>`
    update payout set busy_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    where reference = ${reference} and (busy_until is null or busy_until <= clock_timestamp())
    returning ${COLUMNS}`.execute(tx)
  if (rows[0]) return toPayout(rows[0])
  const known = await sql`select from payout where reference = ${reference}`.execute(tx)
  return known.rows.length > 0 ? 'busy' : undefined
}

/**
 * Before the call: whoever comes later must ask first. Undefined when the lease is over, since somebody else may have it by
 * now, or may even have given the money back.
 */
export async function markPayoutSent(
  tx: Tx,
  { id, lease }: ClaimedPayout,
): Promise<{ readonly isFirst: boolean } | undefined> {
  const { rows } = await sql<{ isFirst: boolean }>`
    with held as (
      select id, sent_at from payout
      where id = ${id} and busy_until = ${lease}::timestamptz and busy_until > clock_timestamp() and state in ('created', 'sent')
      for update)
    update payout set sent_at = coalesce(payout.sent_at, clock_timestamp()), state = 'sent'
    from held where payout.id = held.id
    returning held.sent_at is null as "isFirst"`.execute(tx)
  return rows[0]
}

/** The payout as it is now, under its lock; undefined when somebody else has taken it over. */
export async function lockClaimed(tx: Tx, { id, lease }: ClaimedPayout): Promise<Payout | undefined> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from payout where id = ${id} and busy_until = ${lease}::timestamptz for update`.execute(
    tx,
  )
  return rows[0] && toPayout(rows[0])
}

/** Gives the lease back; looked at again after `lookAfterSeconds`, never when that is null, and as it was planned without it. */
export async function releasePayout(
  tx: Tx,
  id: PayoutId,
  gatewayId: string | null,
  lookAfterSeconds?: number | null,
): Promise<void> {
  await sql`
    update payout set busy_until = null, gateway_id = coalesce(${gatewayId}, gateway_id),
      due_at = ${lookAfterSeconds === undefined ? sql`due_at` : fromNow(lookAfterSeconds)}
    where id = ${id}`.execute(tx)
}

/** Paid, failed or come back. What is looked at from now on is counted anew. */
export async function endPayout(
  tx: Tx,
  id: PayoutId,
  end: {
    readonly state: Exclude<PayoutState, 'created' | 'sent'>
    readonly gatewayId: string | null
    readonly failure: string | null
    readonly lookAfterSeconds: number | null
  },
): Promise<void> {
  await sql`
    update payout set state = ${end.state}, ended_at = clock_timestamp(), busy_until = null, checks = 0,
      gateway_id = coalesce(${end.gatewayId}, gateway_id), failure = ${end.failure}, due_at = ${fromNow(end.lookAfterSeconds)}
    where id = ${id}`.execute(tx)
}

const fromNow = (seconds: number | null): RawBuilder<unknown> =>
  sql`clock_timestamp() + make_interval(secs => ${seconds}::float8)`
