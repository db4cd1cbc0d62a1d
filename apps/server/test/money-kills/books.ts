import { sql } from 'kysely'
import type { GatewayEffects } from '../gateways/effects.ts'
import type { MoneyWorld } from '../money.ts'
import type { Scene } from './job.ts'

/** How often what is to happen once has happened, by the gateways' word and by ours; and what else is so in the end. */
export type Books = {
  readonly effects: Readonly<Record<string, number>>
  readonly state: Readonly<Record<string, unknown>>
}

/** The gateways are forgetful between two scenes, so that all that they have done was done in this one. */
export async function readBooks(world: MoneyWorld, scene: Scene): Promise<Books> {
  const gateways = Object.values(world.gateways.effects())
  const booked = await readBooked(world, scene)
  return {
    effects: { ...countAtGateways(gateways), ...booked },
    state: {
      moved: gateways.map(({ totals }) => totals),
      ...(await readState(world, scene)),
    },
  }
}

function countAtGateways(gateways: readonly GatewayEffects[]): Record<string, number> {
  const all = gateways.flatMap(({ references }) => Object.values(references))
  const count = (kind: 'charges' | 'refunds' | 'transfers'): number =>
    all.reduce((sum, effects) => sum + effects[kind].length, 0)
  return {
    'charges at the gateway': count('charges'),
    'refunds at the gateway': count('refunds'),
    'transfers at the gateway': count('transfers'),
  }
}

const owned = ({ customerId, driverId }: Scene) =>
  sql`select id from ledger_account where owner in (${customerId}, ${driverId})`
const theirs = (scene: Scene) =>
  sql`select transaction_id from ledger_entry where account_id in (${owned(scene)})
      union select id from ledger_transaction where trip_id = ${scene.tripId}`

/**
 * What is booked of these people. Credit that was set aside for a replaced attempt and is free again counts as nothing: how many
 * attempts it took is the gateway's doing.
 */
async function readBooked({ db }: MoneyWorld, scene: Scene): Promise<Record<string, number>> {
  const { rows } = await sql<{ kind: string; count: number }>`
    select kind, count(*) as count from ledger_transaction
    where id in (${theirs(scene)}) and kind not in ('credit-set-aside', 'credit-returned')
    group by kind order by kind`.execute(db.single)
  return Object.fromEntries(rows.map(({ kind, count }) => [`booked: ${kind}`, count]))
}

async function readState({ db }: MoneyWorld, scene: Scene): Promise<Record<string, unknown>> {
  const { tripId, customerId, driverId } = scene
  const list = async (query: ReturnType<typeof sql>): Promise<unknown[]> =>
    (await query.execute(db.single)).rows
  return {
    trip: await list(sql`select status from trip where id = ${tripId}`),
    payment: await list(sql`
      select method, status, amount_minor, credit_minor, gateway, received_minor, confirmed_minor from payment
      where trip_id = ${tripId} and replaced_at is null`),
    charges: await list(sql`
      select c.amount_minor, c.fee_minor, c.is_counted, c.refunded_minor from charge as c
      join payment as p on p.id = c.payment_id where p.trip_id = ${tripId}`),
    refunds: await list(sql`
      select r.state, r.amount_minor from refund as r join charge as c on c.id = r.charge_id
      join payment as p on p.id = c.payment_id where p.trip_id = ${tripId}`),
    payouts: await list(sql`select state, amount_minor from payout where driver_id = ${driverId}`),
    balances: await list(sql`
      select kind, balance_minor from ledger_account where id in (${owned(scene)}) and balance_minor <> 0 order by kind`),
    net: await list(sql`
      select a.kind, sum(e.amount_minor)::bigint as minor from ledger_entry as e
      join ledger_account as a on a.id = e.account_id where e.transaction_id in (${theirs(scene)})
      group by a.kind having sum(e.amount_minor) <> 0 order by a.kind`),
    // What was tried and failed is told, too, and may be told more than once.
    told: await list(sql`
      select a.role, n.kind, n.data ->> 'status' as status, count(*)::int as times from news as n
      join account as a on a.id = n.account_id
      where n.account_id in (${customerId}, ${driverId})
        and coalesce(n.data ->> 'status', '') not in ('created', 'pending', 'failed')
      group by a.role, n.kind, n.data ->> 'status' order by 1, 2, 3`),
    cases: await list(sql`
      select c.kind from money_case as c left join payment as p on p.id = c.payment_id
      left join payout as o on o.id = c.payout_id where p.trip_id = ${tripId} or o.driver_id = ${driverId}`),
  }
}

export type Comparison = {
  readonly doubles: number
  readonly lost: number
  readonly differences: readonly string[]
}

/** What happened too often, too seldom, or otherwise. */
export function compareBooks(right: Books, found: Books): Comparison {
  const names = [...new Set([...Object.keys(right.effects), ...Object.keys(found.effects)])]
  const off = names.map((name) => (found.effects[name] ?? 0) - (right.effects[name] ?? 0))
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + Math.max(0, n), 0)
  const states = Object.keys(right.state).filter(
    (name) => JSON.stringify(right.state[name]) !== JSON.stringify(found.state[name]),
  )
  return {
    doubles: sum(off),
    lost: sum(off.map((n) => -n)),
    differences: [
      ...names.flatMap((name, n) =>
        off[n] === 0 ? [] : [`${name}: ${found.effects[name] ?? 0}, not ${right.effects[name] ?? 0}`],
      ),
      ...states.map(
        (name) => `${name}: ${JSON.stringify(found.state[name])}, not ${JSON.stringify(right.state[name])}`,
      ),
    ],
  }
}
