import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import type { WebhookHint, WebhookReading } from './gateway.ts'
import { headerOf, isSignature, signatureOf } from './signatures.ts'
import { dedupeKeyOf, eventName, namedId, parseWebhook } from './webhook-parts.ts'

/** `amount` and `metadata` change their types from event to event; nothing here looks at them. */
const webhook = z.object({
  event: eventName,
  data: z.object({
    id: namedId,
    reference: namedId,
    transfer_code: namedId,
    transaction_reference: namedId,
    refund_reference: namedId,
    transaction: z.object({ id: namedId, reference: namedId }).nullish().catch(null),
  }),
})
type Webhook = z.infer<typeof webhook>

/** `x-paystack-signature` is the HMAC-SHA512 of the raw body under the secret key, in lower-case hex. */
export function readPaystackWebhook(
  keys: readonly string[],
  headers: IncomingHttpHeaders,
  rawBody: Buffer,
): WebhookReading {
  const signature = headerOf(headers, 'x-paystack-signature')
  if (signature === undefined) return { reading: 'unsigned' }
  const expected = keys.filter((key) => key !== '').map((key) => signatureOf('sha512', 'hex', key, rawBody))
  if (!isSignature(signature, expected)) return { reading: 'forged' }
  const parsed = parseWebhook(rawBody, webhook)
  return parsed ? { reading: 'hint', hint: hintOf(parsed, rawBody) } : { reading: 'malformed' }
}

function hintOf({ event, data }: Webhook, rawBody: Buffer): WebhookHint {
  const about = subjectOf(event)
  const { transaction } = data
  const isOwn = about === 'payment' || about === 'transfer'
  const reference = isOwn ? data.reference : (data.transaction_reference ?? transaction?.reference)
  const gatewayId = isOwn ? (data.transfer_code ?? data.id) : transaction?.id
  return {
    dedupeKey: dedupeKeyOf(event, namesOf(about, data), rawBody),
    event,
    about,
    reference: about === 'nothing' ? null : (reference ?? null),
    gatewayId: about === 'nothing' ? null : (gatewayId ?? null),
  }
}

/** There is no event id. A refund on its way has neither an id nor a reference, and two of one payment are two events. */
function namesOf(about: WebhookHint['about'], data: Webhook['data']): (string | null | undefined)[] {
  const { id, refund_reference: refundReference } = data
  if (about !== 'refund') return [id ?? data.transfer_code ?? data.reference]
  return id || refundReference ? [id ?? data.transaction_reference, refundReference] : []
}

function subjectOf(event: string): WebhookHint['about'] {
  if (event.startsWith('charge.dispute.')) return 'dispute'
  if (event.startsWith('charge.') || event === 'bank.transfer.rejected') return 'payment'
  if (event.startsWith('refund.')) return 'refund'
  return event.startsWith('transfer.') ? 'transfer' : 'nothing'
}
