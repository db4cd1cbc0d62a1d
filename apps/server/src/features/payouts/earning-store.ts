import type { Currency, PaymentMethod } from '@toota/contract'
import { sql } from 'kysely'
import type { DriverId, TripId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'

/** What one completed trip was to its driver; its customer is nobody's business here. */
export type Earning = {
  readonly tripId: TripId
  readonly method: PaymentMethod
  readonly currency: Currency
  readonly fareMinor: number
  readonly earningMinor: number
  readonly serviceFeeMinor: number
  readonly settledAt: Date
}

export type EarningTotal = {
  readonly currency: Currency
  readonly trips: number
  readonly fareMinor: number
  readonly earningMinor: number
}

/** `to` is exclusive. */
export type Span = { readonly from?: Date | undefined; readonly to?: Date | undefined }

const within = ({ from, to }: Span) => sql`
  (${from ?? null}::timestamptz is null or settled_at >= ${from ?? null})
  and (${to ?? null}::timestamptz is null or settled_at < ${to ?? null})`

/** Newest first, after the trip that `cursor` names; a cursor that is not his finds nothing. */
export async function findEarnings(
  tx: Tx,
  driverId: DriverId,
  span: Span,
  { limit, cursor = null }: { readonly limit: number; readonly cursor?: TripId | null | undefined },
): Promise<Earning[]> {
  const { rows } = await sql<Earning>`
    select trip_id as "tripId", method, currency, fare_minor as "fareMinor", earning_minor as "earningMinor",
      commission_minor + tax_minor + fee_minor as "serviceFeeMinor", settled_at as "settledAt"
    from settlement
    where driver_id = ${driverId} and ${within(span)}
      and (${cursor}::uuid is null or (settled_at, trip_id) < (
        select c.settled_at, c.trip_id from settlement as c where c.trip_id = ${cursor} and c.driver_id = ${driverId}))
    order by settled_at desc, trip_id desc limit ${limit}`.execute(tx)
  return rows
}

export async function sumEarnings(tx: Tx, driverId: DriverId, span: Span): Promise<EarningTotal[]> {
  const { rows } = await sql<EarningTotal>`
    select currency, count(*) as trips, sum(fare_minor)::bigint as "fareMinor", sum(earning_minor)::bigint as "earningMinor"
    from settlement where driver_id = ${driverId} and ${within(span)}
    group by currency order by currency`.execute(tx)
  return rows
}
