import type { GatewayName } from '@toota/contract'
import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import type { WebhookHint } from '../../platform/gateways/gateway.ts'

export type GatewayEvent = Pick<WebhookHint, 'event' | 'about' | 'reference' | 'gatewayId'> & {
  readonly id: number
  readonly gateway: GatewayName
  /** This attempt's number, from 1. */
  readonly attempt: number
}

/**
 * Keeps what a webhook points at, once per event; false when it is about a payment or transfer that we do not know. One
 * statement: gateways may send hundreds a second.
 */
export async function insertEvent(tx: Tx, gateway: GatewayName, hint: WebhookHint): Promise<boolean> {
  const { dedupeKey, event, about, reference, gatewayId } = hint
  const { rows } = await sql<{ isKnown: boolean }>`
    with known as (
      select case ${about}::text
        when 'transfer' then exists (select from payout where reference = ${reference})
        when 'nothing' then true
        else exists (select from payment where reference = ${reference}
                     union all select from payment where gateway = ${gateway} and page_gateway_id = ${gatewayId})
        end as is_known),
    kept as (
      insert into gateway_event (gateway, dedupe_key, event, about, reference, gateway_id, due_at)
      select ${gateway}, ${dedupeKey.slice(0, 300)}, ${event}, ${about}, ${reference}, ${gatewayId},
        case when ${about}::text <> 'nothing' then clock_timestamp() end
      from known where is_known
      on conflict (gateway, dedupe_key) do nothing)
    select is_known as "isKnown" from known`.execute(tx)
  return rows[0]?.isKnown === true
}

/** Takes events that wait to be worked on, for `leaseSeconds`. */
export async function claimEvents(tx: Tx, limit: number, leaseSeconds: number): Promise<GatewayEvent[]> {
  const { rows } = await sql<GatewayEvent>`
    update gateway_event set attempts = attempts + 1, due_at = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    where id in (select id from gateway_event where due_at <= clock_timestamp()
                 order by due_at limit ${limit} for update skip locked)
    returning id, gateway, event, about, reference, gateway_id as "gatewayId", attempts as attempt`.execute(
    tx,
  )
  return rows
}

/** Worked on; or, with `seconds`, to be tried again. */
export async function saveEventDone(tx: Tx, id: number, seconds: number | null = null): Promise<void> {
  await sql`
    update gateway_event set due_at = clock_timestamp() + make_interval(secs => ${seconds}::float8)
    where id = ${id}`.execute(tx)
}

/** Gateways repeat themselves for three days; after a week nobody will. Answers how many were forgotten. */
export async function deleteOldEvents(tx: Tx, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from gateway_event where id in (
      select id from gateway_event where received_at < clock_timestamp() - interval '7 days' and due_at is null
      order by received_at limit ${limit} for update skip locked)`.execute(tx)
  return Number(numAffectedRows)
}
