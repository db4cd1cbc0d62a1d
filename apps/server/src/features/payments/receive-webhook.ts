import type { GatewayName } from '@toota/contract'
import type { IncomingHttpHeaders } from 'node:http'
import type { Platform } from '../../platform/platform.ts'
import type { WebhookHint } from '../../platform/gateways/gateway.ts'
import { insertEvent } from './gateway-event-store.ts'

export type WebhookReceipt =
  | { readonly receipt: 'kept'; readonly about: WebhookHint['about'] }
  | { readonly receipt: 'unsigned' | 'forged' | 'malformed' | 'unknown-reference' | 'not-set-up' }

/** Keeps a signed webhook for `workOffEvents` and answers at once; a repeat changes nothing. Nothing unsigned gets this far. */
export async function receiveWebhook(
  { db, gateways, clock, log }: Pick<Platform, 'db' | 'gateways' | 'clock' | 'log'>,
  name: GatewayName,
  headers: IncomingHttpHeaders,
  rawBody: Buffer,
): Promise<WebhookReceipt> {
  const gateway = gateways.named(name)
  if (!gateway) return { receipt: 'not-set-up' }
  const reading = gateway.readWebhook(headers, rawBody, clock.now())
  if (reading.reading !== 'hint') {
    log.warn({ gateway: name, reading: reading.reading }, 'webhook refused')
    return { receipt: reading.reading }
  }
  const isKnown = await insertEvent(db.single, name, reading.hint)
  return isKnown ? { receipt: 'kept', about: reading.hint.about } : { receipt: 'unknown-reference' }
}
