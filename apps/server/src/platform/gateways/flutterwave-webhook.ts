import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import { stateWord } from './answer-parts.ts'
import type { WebhookHint, WebhookReading } from './gateway.ts'
import { headerOf, isSecret, isSignature, signatureOf } from './signatures.ts'
import { dedupeKeyOf, eventName, namedId, parseWebhook } from './webhook-parts.ts'

/** How `flutterwave-signature` is written; `off` takes no webhook that has one. */
export type FlutterwaveSignature = 'base64' | 'hex' | 'off'

/** v3 has `event` and `tx_ref`, v4 has `type` and `reference`; a v3 refund names its transaction as `tx_id` or `TransactionId`. */
const webhook = z
  .object({
    event: eventName.optional(),
    type: eventName.optional(),
    data: z.object({
      id: namedId,
      tx_ref: namedId,
      reference: namedId,
      tx_id: namedId,
      TransactionId: namedId,
      status: stateWord.nullish().catch(null),
    }),
  })
  .transform(({ event, type, data }, context) => {
    const name = event ?? type
    if (name !== undefined) return { event: name, data }
    context.issues.push({ code: 'custom', message: 'has no event', input: event })
    return z.NEVER
  })
type Webhook = z.infer<typeof webhook>

/**
 * `flutterwave-signature` (v4) is the HMAC-SHA256 of the raw body under the secret hash. Where it is present it must be right:
 * `verif-hash` (v3), the secret itself in the clear, counts only where there is no other. It does not cover the body.
 */
export function readFlutterwaveWebhook(
  {
    webhookSecrets,
    signature: encoding,
  }: { webhookSecrets: readonly string[]; signature: FlutterwaveSignature },
  headers: IncomingHttpHeaders,
  rawBody: Buffer,
): WebhookReading {
  const signature = headerOf(headers, 'flutterwave-signature')
  const hash = headerOf(headers, 'verif-hash')
  if (signature !== undefined) {
    const secrets = encoding === 'off' ? [] : webhookSecrets.filter((secret) => secret !== '')
    const expected = secrets.map((secret) =>
      signatureOf('sha256', encoding === 'hex' ? 'hex' : 'base64', secret, rawBody),
    )
    if (!isSignature(signature, expected)) return { reading: 'forged' }
  } else if (hash === undefined) return { reading: 'unsigned' }
  else if (!isSecret(hash, webhookSecrets)) return { reading: 'forged' }

  const parsed = parseWebhook(rawBody, webhook)
  return parsed ? { reading: 'hint', hint: hintOf(parsed, rawBody) } : { reading: 'malformed' }
}

function hintOf({ event, data }: Webhook, rawBody: Buffer): WebhookHint {
  const about = subjectOf(event)
  const isOwn = about === 'payment' || about === 'transfer'
  const gatewayId = isOwn ? data.id : (data.tx_id ?? data.TransactionId)
  return {
    dedupeKey: dedupeKeyOf(event, data.id ? [data.id, data.status] : [], rawBody),
    event,
    about,
    reference: about === 'nothing' ? null : (data.tx_ref ?? data.reference ?? null),
    gatewayId: about === 'nothing' ? null : (gatewayId ?? null),
  }
}

function subjectOf(event: string): WebhookHint['about'] {
  if (event.startsWith('chargeback.')) return 'dispute'
  if (event.startsWith('charge.')) return 'payment'
  if (event.startsWith('refund.')) return 'refund'
  return event.startsWith('transfer.') ? 'transfer' : 'nothing'
}
