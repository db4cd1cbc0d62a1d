import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { viewVerified, type VerifiedPayment } from '../../features/payments/index.ts'
import { parseId, Refusal, toMajor, type PaymentId } from '../../kernel/index.ts'
import { RETRY_AFTER_SECONDS } from '../../platform/http/index.ts'
import type { ClassicContext } from '../context.ts'
import { errorAnswers } from './answers.ts'
import { text } from './bodies.ts'
import { ClassicError, inWordsOf } from './errors.ts'
import { returnPage } from './return-page.ts'

const URLS = ['/payment/verify/', '/api/payment/verify/']

const query = z.object({
  tx_ref: text({ allowBlank: true }).optional().describe("Flutterwave's name of the reference"),
  trxref: text({ allowBlank: true }).optional().describe("Paystack's"),
  reference: text({ allowBlank: true }).optional(),
  transaction_id: text({ allowBlank: true }).optional(),
  status: text({ allowBlank: true }).optional().describe('Not believed: the gateway is asked'),
  payment: text().optional().describe('Our id, where a gateway sends no reference back'),
})

const paidAnswer = z.object({
  status: z.string().optional(),
  message: z.string(),
  transaction_reference: z.string().optional(),
  payment_reference: z.string().nullish(),
  payment_method: z.string().optional(),
  amount: z.number().optional(),
  currency: z.string().optional(),
  trip_id: z.string().optional(),
})

/** What became of a payment: for the browser that comes back from the gateway, and for programs. */
export function registerVerifyPayment(app: FastifyInstance, context: ClassicContext): void {
  for (const url of URLS) {
    registerReturn(app, context, url)
    registerCheck(app, context, url)
  }
}

function registerReturn(app: FastifyInstance, { platform }: ClassicContext, url: string): void {
  const schema = {
    tags: ['Payments'],
    summary: 'Where a payment page sends the browser: asks the gateway what became of the payment',
    querystring: query,
    response: { 200: paidAnswer, ...errorAnswers(400, 404, 503) },
  }
  app.withTypeProvider<ZodTypeProvider>().get(url, { schema }, async (request, reply) => {
    const asked = request.query
    if (wantsPage(request)) return sendPage(reply, await look(platform, asked).catch(toPageState))
    const found = await inWordsOf(RETURN_WORDS, () => look(platform, asked)).catch(unlessAway)
    if (found === 'away') return answerAway(reply)
    const { payment } = found
    if (payment.status !== 'success') return answerFailed(reply, 'failed')
    return { status: 'success', message: 'Payment successful.', ...details(payment, payment.reference) }
  })
}

type Query = z.output<typeof query>

async function look(platform: ClassicContext['platform'], asked: Query): Promise<VerifiedPayment> {
  const reference = asked.tx_ref || asked.trxref || asked.reference
  const transactionId = asked.tx_ref ? asked.transaction_id || null : null
  if (reference) return viewVerified(platform, { reference }, { transactionId })
  const id = parseId<PaymentId>(asked.payment)
  if (!id) throw new ClassicError(400, 'Missing transaction reference')
  return viewVerified(platform, { id })
}

function registerCheck(app: FastifyInstance, { platform }: ClassicContext, url: string): void {
  const schema = {
    tags: ['Payments'],
    summary: 'Ask the gateway what became of a payment',
    body: z.object({
      transaction_id: text({ allowBlank: true }).nullish().describe('As `/payment/` answered it'),
    }),
    response: { 200: paidAnswer, ...errorAnswers(400, 404, 503) },
  }
  app.withTypeProvider<ZodTypeProvider>().post(url, { schema }, async (request, reply) => {
    const given = request.body.transaction_id
    if (!given) throw new ClassicError(400, 'transaction_id is required')
    const id = parseId<PaymentId>(given)
    if (!id) throw new ClassicError(400, 'Invalid transaction_id')
    const { payment, gatewayId, wasPaidBefore } = await inWordsOf(CHECK_WORDS, () =>
      viewVerified(platform, { id }),
    )
    if (wasPaidBefore) return { message: 'Payment already verified as successful' }
    if (payment.status === 'success')
      return { status: 'success', message: 'Payment successful', ...details(payment, gatewayId) }
    return answerFailed(reply, payment.status)
  })
}

const details = (payment: VerifiedPayment['payment'], paymentReference: string | null) => ({
  transaction_reference: payment.id,
  payment_reference: paymentReference,
  payment_method: payment.method,
  amount: toMajor(payment.amount.amountMinor),
  currency: payment.amount.currency,
  trip_id: payment.tripId,
})

/** `failed` for a browser, whatever it is; programs are told the payment's own status. */
const answerFailed = (reply: FastifyReply, status: string) =>
  reply.code(400).send({ status, message: 'Payment not successful' }) as never

const wantsPage = ({ headers }: FastifyRequest): boolean => /\btext\/html\b/.test(headers.accept ?? '')

const sendPage = (reply: FastifyReply, found: VerifiedPayment['payment']['status'] | VerifiedPayment) => {
  const page = returnPage(typeof found === 'string' ? found : found.payment.status)
  return reply.code(page.status).type('text/html; charset=utf-8').send(page.html)
}

/** A person is told in any case; what we do not know is not a failure. */
function toPageState(error: unknown): VerifiedPayment['payment']['status'] {
  if (error instanceof Refusal && error.code === 'not-found') return 'failed'
  if (error instanceof ClassicError) return 'failed'
  if (error instanceof Refusal && error.code === 'gateway-unavailable') return 'unknown'
  throw error
}

function unlessAway(error: unknown): 'away' {
  if (error instanceof Refusal && error.code === 'gateway-unavailable') return 'away'
  throw error
}

const AWAY = 'Payment verification service unavailable'
const AWAY_DETAILS = 'the payment gateway does not answer; try again'

/** In this place, and only here, the original says `status` in place of `error`. */
const answerAway = (reply: FastifyReply) =>
  reply
    .code(503)
    .header('retry-after', String(RETRY_AFTER_SECONDS))
    .send({ status: 'failed', message: AWAY, details: AWAY_DETAILS }) as never

const RETURN_WORDS = { 'not-found': [400, 'Invalid transaction reference'] } as const
const CHECK_WORDS = {
  'not-found': [400, 'Invalid transaction_id'],
  'gateway-unavailable': () => new ClassicError(503, AWAY, AWAY_DETAILS),
} as const
