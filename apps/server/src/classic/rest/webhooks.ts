import { GATEWAYS, type GatewayName } from '@toota/contract'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { receiveWebhook, type WebhookReceipt } from '../../features/payments/index.ts'
import { countRequest } from '../../platform/http/index.ts'
import type { ClassicContext } from '../context.ts'
import { answerError } from './errors.ts'

/**
 * Where gateways tell us of payments: the original's two addresses, and one like them for the third. A scope of its own, since
 * the signature is over the bytes of the body, and since gateways send from few addresses: only what is refused counts
 * against a limit.
 */
export function webhooks({ platform }: ClassicContext) {
  return (scope: FastifyInstance, _options: object, done: () => void): void => {
    scope.setErrorHandler((error, request, reply) => answerError(error, request, reply))
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body))
    for (const gateway of GATEWAYS) {
      const schema = { tags: ['Payments'], summary: summaryOf(gateway) }
      scope.post(`/payment/${gateway}/webhook/`, { schema }, async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const receipt = await receiveWebhook(platform, gateway, request.headers, body)
        if (receipt.receipt !== 'kept') await countRequest(platform, request, reply)
        return answer(reply, receipt, gateway, body)
      })
    }
    done()
  }
}

const summaryOf = (gateway: GatewayName): string =>
  `${gateway.charAt(0).toUpperCase()}${gateway.slice(1)} tells of a payment, signed; what it says is then asked of it`

/** The events that the original looked up a payment for. */
const OF_PAYMENTS = new Set(['charge.success', 'charge.completed', 'payment.succeeded', 'payment.failed'])

/** All others are taken, be it that nobody here knows what they are about, like a transfer that the operator made by hand. */
function isOfPayment(body: Buffer): boolean {
  const { event, type } = JSON.parse(body.toString('utf8')) as { event?: string; type?: string }
  return OF_PAYMENTS.has(event ?? type ?? '')
}

/** In the original's words. */
function answer(
  reply: FastifyReply,
  receipt: WebhookReceipt,
  gateway: GatewayName,
  body: Buffer,
): FastifyReply {
  const success = (message: string) => reply.send({ status: 'success', message })
  const error = (status: number, text: string) => reply.code(status).send({ error: text, message: text })
  switch (receipt.receipt) {
    case 'kept':
      return success(receipt.about === 'nothing' ? 'Webhook received' : 'Webhook processed')
    case 'unsigned':
    case 'not-set-up':
      return error(401, 'Unauthorized request')
    case 'forged':
      return error(401, gateway === 'flutterwave' ? 'Unauthorized request' : 'Invalid signature')
    case 'malformed':
      return error(400, 'Invalid JSON')
    case 'unknown-reference':
      return isOfPayment(body) ? error(404, 'Payment not found') : success('Webhook received')
  }
}
