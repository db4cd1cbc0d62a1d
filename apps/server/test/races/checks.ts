import { sql } from 'kysely'
import type { Database } from '../../src/platform/database/index.ts'

const ACTIVE = `('accepted', 'en_route', 'arrived_pickup', 'loaded', 'in_transit', 'arrived_dest')`

const OPEN_TRIP = `(t.status in ${ACTIVE} or t.status = 'pending'
  and exists (select from offer as o where o.trip_id = t.id and o.state = 'open'))`

/** What must hold at every instant. Each statement is one snapshot and answers with the ids of offenders. */
const INSTANT_CHECKS = {
  twoActiveTrips: `select driver_id as id from trip where status in ${ACTIVE} group by 1 having count(*) > 1`,
  twoOpenOffersOfDriver: `select driver_id as id from offer where state = 'open' group by 1 having count(*) > 1`,
  twoOpenOffersOfTrip: `select trip_id as id from offer where state = 'open' group by 1 having count(*) > 1`,
  openOfferBesideActiveTrip: `
    select o.id from offer as o join trip as t on t.driver_id = o.driver_id
    where o.state = 'open' and t.status in ${ACTIVE}`,
  tooManyOpenTrips: `
    select t.customer_id as id from trip as t where ${OPEN_TRIP} group by 1 having count(*) > $MAX_OPEN_TRIPS`,
  misplacedSlots: `select t.id from trip as t where (t.slot is not null) <> ${OPEN_TRIP}`,
}

// What everybody must have been told, worked out from offers and histories alone.
const EXPECTED_NEWS = `
  select driver_id as account_id, 'offer.opened' as kind, id as ref, '' as detail from offer
  union all
  select unnest(array[o.driver_id, t.customer_id]), 'offer.ended', o.id, o.state
  from offer as o join trip as t on t.id = o.trip_id where o.state in ('rejected', 'expired', 'withdrawn')
  union all
  select p.account_id, 'trip.changed', e.trip_id, e.version || ' ' || e.to_status
  from trip_event as e join trip as t on t.id = e.trip_id
  cross join lateral (values (t.customer_id), (e.driver_id)) as p (account_id)
  where e.version > 1 and p.account_id is not null
  union all
  select unnest(array[t.customer_id, p.received_by]), 'payment.received', t.id, ''
  from payment as p join trip as t on t.id = p.trip_id where p.status = 'success'`

const TOLD_NEWS = `
  select account_id, kind, case when kind like 'offer.%' then data ->> 'offerId' else data ->> 'tripId' end::uuid as ref,
    case kind when 'offer.ended' then data ->> 'state' when 'trip.changed' then (data ->> 'version') || ' ' || (data ->> 'status')
      else '' end as detail
  from news`

/** What a finished history must show. */
const HISTORY_CHECKS = {
  twoAccepts: `select trip_id as id from offer where state = 'accepted' group by trip_id, round having count(*) > 1`,
  acceptsWithoutTrip: `
    select o.id from offer as o where o.state = 'accepted' and not exists (
      select from trip_event as e where e.trip_id = o.trip_id and e.to_status = 'accepted' and e.driver_id = o.driver_id)`,
  tripsWithoutAccept: `
    select e.trip_id as id from trip_event as e where e.to_status = 'accepted' and not exists (
      select from offer as o where o.trip_id = e.trip_id and o.state = 'accepted' and o.driver_id = e.driver_id)`,
  // The deadline is compared a moment before ended_at is computed: a preempted backend may show some milliseconds.
  answersAfterDeadline: `
    select id from offer where state in ('accepted', 'rejected') and ended_at > expires_at + interval '100 ms'`,
  expiredTooEarly: `select id from offer where state = 'expired' and ended_at < expires_at`,
  overdueOffers: `select id from offer where state = 'open' and expires_at < clock_timestamp() - interval '1 s'`,
  // An insert that waited for the end of another offer shows its own start a moment early.
  overlappingEngagements: `
    with engagement as (
      select driver_id, id, opened_at as began, coalesce(ended_at, 'infinity') as ended from offer
      union all
      select e.driver_id, e.trip_id, e.at, coalesce((
        select min(x.at) from trip_event as x
        where x.trip_id = e.trip_id and x.to_status in ('completed', 'cancelled')), 'infinity')
      from trip_event as e where e.to_status = 'accepted')
    select a.driver_id as id from engagement as a join engagement as b
      on b.driver_id = a.driver_id and b.id > a.id
      and b.began < a.ended - interval '100 ms' and a.began < b.ended - interval '100 ms'`,
  foldsDifferently: `
    select t.id from trip as t
    left join lateral (select * from trip_event where trip_id = t.id order by version desc limit 1) as e on true
    where (e.version, e.to_status, e.driver_id) is distinct from (t.version, t.status, t.driver_id)
      or t.version <> (select count(*) from trip_event where trip_id = t.id)
    union all
    select trip_id from (
      select trip_id, from_status, lag(to_status) over (partition by trip_id order by version) as before from trip_event
    ) as chain where from_status is distinct from before`,
  illegalSteps: `
    select e.trip_id as id from trip_event as e where e.version > 1 and not exists (
      select from trip_transition as l
      where l.from_status = e.from_status and l.to_status = e.to_status and l.actor = e.actor)`,
  brokenStreams: `
    select account_id as id from news group by 1
    having count(*) <> max(seq) or min(seq) <> 1 or count(distinct seq) <> count(*)`,
  wrongCounters: `
    select account_id as id from stream as s
    where seq <> (select coalesce(max(seq), 0) from news as n where n.account_id = s.account_id)`,
  newsMissing: `select ref as id from (${EXPECTED_NEWS} except all ${TOLD_NEWS}) as missing`,
  newsOfNothing: `select ref as id from (${TOLD_NEWS} except all (${EXPECTED_NEWS})) as surplus`,
}

type Violations = Partial<Record<keyof typeof INSTANT_CHECKS | keyof typeof HISTORY_CHECKS, string[]>>

/** Offenders at this instant, by the check they fail; empty when all is well. */
export const findInstantViolations = (db: Database, maxOpenTrips: number): Promise<Violations> =>
  run(db, INSTANT_CHECKS, maxOpenTrips)

/** Offenders at this instant or in the whole history, by the check they fail; empty when all is well. */
export const findViolations = (db: Database, maxOpenTrips: number): Promise<Violations> =>
  run(db, { ...INSTANT_CHECKS, ...HISTORY_CHECKS }, maxOpenTrips)

async function run(db: Database, checks: Record<string, string>, maxOpenTrips: number): Promise<Violations> {
  const violations: Record<string, string[]> = {}
  for (const [name, query] of Object.entries(checks)) {
    const text = query.replace('$MAX_OPEN_TRIPS', String(maxOpenTrips))
    const { rows } = await sql<{ id: string }>`${sql.raw(text)}`.execute(db.single)
    if (rows.length > 0) violations[name] = rows.map((row) => row.id)
  }
  return violations
}
