import type pg from 'pg'
import type { Ack } from './acks.ts'

/** When the server was there: from its welcome until its kill, in milliseconds since 1970. */
export type Run = { readonly readyAt: number; readonly killedAt: number }

/** The statuses in the words of the wire; a quote that lapsed is `cancelled` there. */
const STATUSES: Readonly<Record<string, readonly string[]>> = {
  pending: ['pending'],
  accepted: ['accepted'],
  'on the way': ['en_route'],
  'arrived at pickup': ['arrived_pickup'],
  'picked up': ['loaded'],
  in_progress: ['in_transit'],
  'arrived at destination': ['arrived_dest'],
  completed: ['completed'],
  cancelled: ['cancelled', 'expired'],
}

/** The acknowledged states that the database does not have. */
export async function findLost(client: pg.Client, acks: readonly Ack[]): Promise<Ack[]> {
  const has = await readStates(client)
  return acks.filter((ack) => !isKept(ack, has))
}

function isKept(ack: Ack, has: ReadonlySet<string>): boolean {
  switch (ack.what) {
    case 'signed-up':
    case 'verified':
    case 'applied':
      return has.has(`${ack.what} ${ack.email}`)
    case 'trip':
    case 'payment':
    case 'cash':
      return has.has(`${ack.what} ${ack.tripId}`)
    case 'offer':
    case 'rejected':
    case 'expired':
      return has.has(`${ack.what} ${ack.tripId} ${ack.driverId ?? ''}`.trim())
    case 'status':
      return (STATUSES[ack.status] ?? []).some((status) => has.has(`status ${ack.tripId} ${status}`))
  }
}

/** Each state as a line in the form that {@link isKept} asks for. */
async function readStates(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query<{ line: string }>(`
    select 'signed-up ' || a.email as line from account as a where exists (select from mail where recipient = a.email)
    union all select 'verified ' || email from account where verified_at is not null
    union all select 'applied ' || email from driver join account on id = account_id where approved_at is not null
    union all select 'trip ' || id from trip
    union all select 'payment ' || trip_id from payment where method = 'cash'
    union all select 'cash ' || trip_id from payment where status in ('success', 'refunded')
    union all select 'offer ' || trip_id from offer
    union all select 'offer ' || trip_id || ' ' || driver_id from offer
    union all select state || ' ' || trip_id from offer
    union all select state || ' ' || trip_id || ' ' || driver_id from offer
    union all select 'status ' || trip_id || ' ' || to_status from trip_event`)
  return new Set(rows.map(({ line }) => line))
}

const ACTIVE = `('accepted', 'en_route', 'arrived_pickup', 'loaded', 'in_transit', 'arrived_dest')`

/** Each selects what contradicts its name. */
const INVARIANTS: Readonly<Record<string, string>> = {
  'a driver has at most one active trip': `
    select driver_id from trip where status in ${ACTIVE} group by driver_id having count(*) > 1`,
  'a driver has at most one open offer': `
    select driver_id from offer where state = 'open' group by driver_id having count(*) > 1`,
  'a trip has at most one open offer': `
    select trip_id from offer where state = 'open' group by trip_id having count(*) > 1`,
  'a driver is not asked while under way': `
    select o.driver_id from offer as o join trip as t on t.driver_id = o.driver_id
    where o.state = 'open' and t.status in ${ACTIVE}`,
  'streams are dense': `
    select s.account_id, s.seq, count(n.seq), max(n.seq) from stream as s left join news as n using (account_id)
    group by s.account_id, s.seq
    having count(n.seq) <> s.seq or coalesce(max(n.seq), 0) <> s.seq or coalesce(min(n.seq), 1) <> 1`,
  'the history folds to the trip': `
    select t.id from trip as t left join trip_event as e on e.trip_id = t.id and e.version = t.version
    where (e.to_status, e.driver_id) is distinct from (t.status, t.driver_id)
       or t.version <> (select count(*) from trip_event where trip_id = t.id)`,
  'each step of a history starts where the last one ended': `
    select e.trip_id from trip_event as e left join trip_event as before
      on before.trip_id = e.trip_id and before.version = e.version - 1
    where e.from_status is distinct from before.to_status`,
  'a trip is taken by exactly one accepted offer of its driver': `
    select trip_id, e.driver_id, o.driver_id from (select * from trip_event where to_status = 'accepted') as e
    full join (select * from offer where state = 'accepted') as o using (trip_id)
    where e.driver_id is distinct from o.driver_id`,
  'both sides were told of each step': `
    select e.trip_id, e.version from trip_event as e join trip as t on t.id = e.trip_id
    cross join unnest(array[t.customer_id, e.driver_id]) as side (id)
    where e.version > 1 and side.id is not null and not exists (
      select from news as n where n.account_id = side.id and n.kind = 'trip.changed'
        and n.data ->> 'tripId' = e.trip_id::text and (n.data ->> 'version')::int = e.version)`,
  'the driver was told of each offer and of an end without a yes': `
    select o.id, o.state from offer as o
    cross join unnest(case when o.state in ('open', 'accepted') then array['offer.opened']
      else array['offer.opened', 'offer.ended'] end) as told (kind)
    where not exists (select from news as n where n.account_id = o.driver_id and n.kind = told.kind
      and n.data ->> 'offerId' = o.id::text)`,
  'a place is held only by an open offer or a trip under way': `
    select id, status from trip as t where (slot is not null) <>
      (status in ${ACTIVE} or exists (select from offer where trip_id = t.id and state = 'open'))`,
  'a loaded trip is paid': `
    select trip_id from trip_event join trip on id = trip_id left join payment using (trip_id)
    where to_status in ('loaded', 'in_transit', 'completed')
      and (payment.status, payment.received_by) is distinct from ('success', trip.driver_id)`,
  'completed trips are counted once': `
    select account_id from driver as d
    where trips_completed <> (select count(*) from trip where driver_id = d.account_id and status = 'completed')`,
}

/** What contradicts the promises, one line each. */
export async function findContradictions(client: pg.Client): Promise<string[]> {
  const found: string[] = []
  for (const [name, query] of Object.entries(INVARIANTS)) {
    const { rows } = await client.query<object>(query)
    if (rows.length > 0) found.push(`not so: ${name}: ${JSON.stringify(rows.slice(0, 5))}`)
  }
  return found
}

const GRACE_MS = 1_000

/**
 * Offers that ended, or are still open, later than a second after the first moment at which they were due and the
 * server was there to end them.
 */
export async function findLateOffers(client: pg.Client, runs: readonly Run[]): Promise<string[]> {
  const { rows } = await client.query<{
    id: string
    state: string
    due: number
    ended: number | null
    now: number
  }>(`
    select id, state, extract(epoch from expires_at)::float8 * 1000 as due,
           extract(epoch from ended_at)::float8 * 1000 as ended, extract(epoch from clock_timestamp())::float8 * 1000 as now
    from offer`)
  return rows.flatMap(({ id, state, due, ended, now }) => {
    const lateBy = (ended ?? now) - latestEnd(due, runs)
    return lateBy > 0
      ? [`offer ${id}, ${state}: ${lateBy.toFixed()} ms later than a second after it could be ended`]
      : []
  })
}

export function latestEnd(due: number, runs: readonly Run[]): number {
  for (const { readyAt, killedAt } of runs) {
    const limit = Math.max(due, readyAt) + GRACE_MS
    if (limit <= killedAt) return limit
  }
  return Infinity
}

/** How many offers were open and how many trips under way when the server was killed. */
export async function countInFlight(
  client: pg.Client,
  killedAt: number,
): Promise<{ offers: number; trips: number }> {
  const { rows } = await client.query<{ offers: number; trips: number }>(
    `select (select count(*)::int from offer where opened_at < $1 and coalesce(ended_at, 'infinity') > $1) as offers,
            (select count(*)::int from trip where status not in ('pending', 'expired') and coalesce(ended_at, 'infinity') > $1
               and exists (select from trip_event where trip_id = id and to_status = 'accepted' and at < $1)) as trips`,
    [new Date(killedAt)],
  )
  return rows[0] ?? { offers: 0, trips: 0 }
}
