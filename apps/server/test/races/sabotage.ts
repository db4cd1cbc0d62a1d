import { sql } from 'kysely'
import type { Database } from '../../src/platform/database/index.ts'
import type { Settings } from '../../src/platform/platform.ts'
import { newId, type DriverId, type OfferId } from '../../src/kernel/index.ts'
import { createWorld, type World } from '../world.ts'
import { rewriteBy, type Edit } from './edits.ts'
import { addRides, newRide, openOffers, type Ride } from './arena.ts'
import { findViolations } from './checks.ts'
import { createHistory, findContradictions } from './history.ts'

/** What is broken on purpose: schema (statements run in the test's own database) and code (edits of its SQL). */
export type Sabotage = {
  readonly schema?: readonly string[]
  readonly code?: readonly Edit[]
  readonly settings?: Partial<Settings>
}

export const OFF = {
  oneActiveTrip: 'drop index trip_one_active_driver',
  oneOpenOfferOfDriver: 'drop index offer_one_open_driver',
  oneOpenOfferOfTrip: 'drop index offer_one_open_trip',
  oneAccept: 'drop index offer_one_accept',
  oneTripPerSlot: 'drop index trip_customer_slot',
  activeTripsHaveSlots: 'alter table trip drop constraint trip_active_has_slot',
  finalEnd: 'drop trigger offer_end_is_final on offer',
  tripGuard: 'drop trigger trip_guard on trip',
  tripRecord: 'drop trigger trip_record on trip',
  newsKey: 'alter table news drop constraint news_pkey',
} as const

const TRIP_LOCK = 'from "trip" where "id" = $1 for update'

const PAYMENT_LOCK = 'from "payment" where "id" = $1 for update'

const STREAM_UPSERT = `insert into stream as s (account_id, seq)
      select account_id, count from unnest($1::uuid[], $2::int[]) as wanted (account_id, count)
      order by account_id
      on conflict (account_id) do update set seq = s.seq + excluded.seq
      returning account_id, seq, clock_timestamp() as at`

export const EDITS = {
  noTripLock: [TRIP_LOCK, TRIP_LOCK.replace(' for update', '')],
  noPaymentLock: [PAYMENT_LOCK, PAYMENT_LOCK.replace(' for update', '')],
  commitAnyway: ['rollback', 'commit'],
  deadlineByTransactionStart: ['clock_timestamp() < expires_at', 'now() < expires_at'],
  offerBeforeTrip: [
    '(select trip_id from offer where id = $1 and driver_id = $2)',
    '(select trip_id from offer where id = $1 and driver_id = $2 for update)',
  ],
  noSlotLock: ['select pg_advisory_xact_lock(hashtextextended($1, 2))', 'select $1::text'],
  noLookForActiveTrip: ['driver_id = $1 and status in', 'false and driver_id = $1 and status in'],
  cashAgain: ['and "method" = $5 and "status" = $6', 'and "method" = $5 and $6::text is not null'],
  acceptAnyState: [
    `and state = 'open' and clock_timestamp() < expires_at`,
    'and clock_timestamp() < expires_at',
  ],
  rejectAnyState: ['where "id" = $2 and "state" = $3', 'where "id" = $2 and $3::text is not null'],
  expireAnyState: [
    `where o.state = 'open' and o.expires_at <= clock_timestamp()`,
    'where o.expires_at <= clock_timestamp()',
  ],
  expireAnyStateAtLast: [
    `and o.state = 'open' and o.expires_at <= clock_timestamp()`,
    'and o.expires_at <= clock_timestamp()',
  ],
  newsPlaceByMaximum: [
    STREAM_UPSERT,
    `select account_id, count + (select coalesce(max(seq), 0) from news where news.account_id = wanted.account_id) as seq,
       clock_timestamp() as at
     from unnest($1::uuid[], $2::int[]) as wanted (account_id, count)`,
  ],
  newsPlaceBySequence: [
    STREAM_UPSERT,
    `select account_id, nextval('place') as seq, clock_timestamp() as at
     from unnest($1::uuid[], $2::int[]) as wanted (account_id, count)`,
  ],
} as const satisfies Record<string, Edit>

/** A world with something broken, and the same checks that the contests use. */
export async function createSabotagedWorld({ schema = [], code = [], settings = {} }: Sabotage) {
  const { rewrite, refuseUnused } = rewriteBy(code)
  const world = await createWorld({ settings, database: { rewrite } })
  const violationsIn = (db: Database) => findViolations(db, world.platform.settings.maxOpenTrips)
  for (const statement of schema) await sql.raw(statement).execute(world.db.single)
  const history = createHistory()
  return {
    ...world,
    history,
    violations: () => violationsIn(world.db),
    violationsIn,
    contradictions: () => findContradictions(world.db, history),
    async close() {
      await world.close()
      refuseUnused()
    },
  }
}

export type SabotagedWorld = Awaited<ReturnType<typeof createSabotagedWorld>>

/** Runs `test` in a world with this sabotage and closes it. */
export async function inWorld<T>(
  sabotage: Sabotage,
  test: (world: SabotagedWorld) => Promise<T>,
): Promise<T> {
  const world = await createSabotagedWorld(sabotage)
  let result: T
  try {
    result = await test(world)
  } catch (error) {
    await world.close().catch(() => undefined)
    throw error
  }
  await world.close()
  return result
}

export type Asked = { readonly ride: Ride; readonly driverId: DriverId; readonly offerId: OfferId }

/** New drivers, each asked about a new trip. */
export async function askDrivers(world: World, count: number, lifetimeMs = 30_000): Promise<Asked[]> {
  const wanted = Array.from({ length: count }, () => ({
    ride: newRide(),
    driverId: newId<DriverId>(),
    lifetimeMs,
  }))
  const offerIds = await world.db.transaction(async (tx) => {
    await addRides(
      world,
      tx,
      wanted.map(({ ride }) => ride),
      wanted.map(({ driverId }) => driverId),
    )
    return openOffers(tx, wanted)
  })
  return wanted.map(({ ride, driverId }, index) => ({ ride, driverId, offerId: offerIds[index]! }))
}
