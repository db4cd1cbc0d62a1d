import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import type { WebhookHint, WebhookReading } from './gateway.ts'
import { headerOf, isSignature, signatureOf } from './signatures.ts'
import { eventName, namedId, parseWebhook } from './webhook-parts.ts'

/** How old a webhook may be, and how far ahead of our clock; Yoco says three minutes. */
const MAX_AGE_MS = 3 * 60 * 1000

const webhook = z.object({
  type: eventName,
  payload: z.object({
    metadata: z.object({ checkoutId: namedId, reference: namedId }).nullish().catch(null),
  }),
})

/**
 * Svix's scheme: `webhook-signature` holds one or more `v1,<base64>`, each the HMAC-SHA256 of `id.timestamp.body` under the
 * base64 after `whsec_`. The timestamp is signed, so that a webhook cannot be replayed later than three minutes.
 */
export function readYocoWebhook(
  secrets: readonly string[],
  headers: IncomingHttpHeaders,
  rawBody: Buffer,
  now: Date,
): WebhookReading {
  const id = headerOf(headers, 'webhook-id')
  const timestamp = headerOf(headers, 'webhook-timestamp')
  const signatures = headerOf(headers, 'webhook-signature')
  if (id === undefined || timestamp === undefined || signatures === undefined) return { reading: 'unsigned' }
  const expected = secrets
    .map(keyOf)
    .filter((key) => key.length > 0)
    .map((key) => `v1,${signatureOf('sha256', 'base64', key, `${id}.${timestamp}.`, rawBody)}`)
  const isSigned = signatures.split(' ').some((signature) => isSignature(signature, expected))
  if (!isSigned || !isFresh(timestamp, now)) return { reading: 'forged' }

  const parsed = parseWebhook(rawBody, webhook)
  if (!parsed || !/^[\x21-\x7e]{1,200}$/.test(id)) return { reading: 'malformed' }
  const about = subjectOf(parsed.type)
  const { metadata } = parsed.payload
  return {
    reading: 'hint',
    hint: {
      dedupeKey: id,
      event: parsed.type,
      about,
      // Older checkouts tell only themselves, and are found by their id.
      reference: metadata?.reference ?? null,
      gatewayId: metadata?.checkoutId ?? null,
    },
  }
}

const keyOf = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ''), 'base64')

const isFresh = (timestamp: string, now: Date): boolean =>
  /^\d{1,12}$/.test(timestamp) && Math.abs(now.getTime() - Number(timestamp) * 1000) <= MAX_AGE_MS

function subjectOf(event: string): WebhookHint['about'] {
  if (event.startsWith('payment.')) return 'payment'
  return event.startsWith('refund.') ? 'refund' : 'nothing'
}
