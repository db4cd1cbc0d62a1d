import { sql } from 'kysely'
import type { Database } from '../../../src/platform/database/index.ts'
import type { Ack } from './lives.ts'
import type { Phone, Told } from './phone.ts'

type Row = { readonly account: string; readonly seq: number; readonly kind: string; readonly data: unknown }
type RestTrip = { readonly id: string; readonly status: string; readonly version: number }

/** What is wrong with what clients were told, compared with the streams as they are stored; empty when all is well. */
export async function checkHistories(db: Database, phones: readonly Phone[]): Promise<string[]> {
  const { rows } = await sql<Row>`
    select account_id as account, seq, kind, data from news order by account_id, seq`.execute(db.single)
  const streams = new Map<string, Row[]>()
  for (const row of rows) streams.set(row.account, [...(streams.get(row.account) ?? []), row])
  return phones.flatMap((phone) => {
    const stream = streams.get(phone.id) ?? []
    return faultsOf(phone.told, stream).map((fault) => `${phone.role} ${phone.id}: ${fault}`)
  })
}

function faultsOf(told: readonly Told[], stream: readonly Row[]): string[] {
  const faults: string[] = []
  const epochs = new Set(told.map(({ epoch }) => epoch))
  if (epochs.size > 1) faults.push(`epochs ${[...epochs].join(', ')}`)
  let last = 0
  for (const item of told) {
    if (item.what === 'snapshot') {
      if (item.seq < last) faults.push(`a snapshot of ${item.seq} after ${last}`)
      last = item.seq
      continue
    }
    if (item.seq <= last) faults.push(`${item.seq} again or late, after ${last}`)
    else if (item.seq > last + 1) faults.push(`a gap from ${last} to ${item.seq}`)
    last = item.seq
    const row = stream[item.seq - 1]
    if (row?.seq !== item.seq || row.kind !== item.kind || !isSame(row.data, item.data))
      faults.push(`${item.seq} is not of this stream: ${item.kind}`)
  }
  const end = stream.at(-1)?.seq ?? 0
  if (last !== end) faults.push(`told up to ${last} of ${end}`)
  if (stream.some(({ seq }, index) => seq !== index + 1)) faults.push('its stream is not dense')
  return faults
}

/** jsonb knows no order of keys. */
const isSame = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b)
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )

/** Where what a client has made of the news differs from what the server says when it is asked. */
export async function checkFolds(phones: readonly Phone[]): Promise<string[]> {
  const found = await Promise.all(phones.map(foldFaultsOf))
  return found.flat()
}

async function foldFaultsOf(phone: Phone): Promise<string[]> {
  const faults: string[] = []
  const { trips, openOffer } = phone.state()
  const rest = new Map<string, RestTrip>()
  for await (const trip of phone.toota.trips.history()) rest.set(trip.id, trip)
  for (const folded of trips.values()) {
    const real = rest.get(folded.id)
    if (real?.status !== folded.status || real.version !== folded.version)
      faults.push(`${folded.id} is ${String(real?.status)} and was folded to ${folded.status}`)
  }
  // A snapshot has what is open; who has had none knows of everything that was ever told.
  const knowsAll = phone.told.every(({ what, seq }) => what === 'event' || seq === 0)
  for (const { id, status, version } of rest.values())
    if (version > 1 && knowsAll && !trips.has(id)) faults.push(`${id}, ${status}, was never told`)
  if (phone.role === 'driver') {
    const [open] = await phone.toota.driving.openOffers()
    if (open?.id !== openOffer?.id)
      faults.push(`its open offer is ${open?.id}, and was folded to ${openOffer?.id}`)
  }
  return faults.map((fault) => `${phone.role} ${phone.id}: ${fault}`)
}

/** What was said to be done and is not there. */
export async function findLost(db: Database, acks: readonly Ack[]): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select trip_id || ' ' || to_status as line from trip_event`.execute(db.single)
  const there = new Set(rows.map(({ line }) => line))
  return acks.map(({ tripId, status }) => `${tripId} ${status}`).filter((line) => !there.has(line))
}

/** Tables of which so much is dead that nobody seems to clean up. */
export async function findBloat(db: Database): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select relname || ': ' || n_dead_tup || ' dead of ' || n_live_tup as line from pg_stat_user_tables
    where n_dead_tup > 10000 + n_live_tup`.execute(db.single)
  return rows.map(({ line }) => line)
}
