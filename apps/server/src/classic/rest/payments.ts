import { CURRENCIES, PAYMENT_METHODS } from '@toota/contract'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { choosePayment, openPaymentPage } from '../../features/payments/index.ts'
import type { CustomerId, Refusal, TripId } from '../../kernel/index.ts'
import { returnUrlOf } from '../../platform/http/index.ts'
import type { ClassicContext } from '../context.ts'
import { principalOf, requireRole } from './access.ts'
import { errorAnswers, messageAnswer } from './answers.ts'
import { text, uuid } from './bodies.ts'
import { answerInDetails, ClassicError, InvalidBody, inWordsOf } from './errors.ts'

/** Every address the original's payment ever had (C-2). */
const URLS = [
  '/payment/',
  '/payment/initiate/',
  '/api/payment/',
  '/api/payment/initiate/',
  '/trips/payment/',
  '/trip/payment/',
]

const KNOWN_CURRENCIES = ['USD', 'NGN', 'KES', 'ZAR', 'GHS']
// ZAR is sent as a country too (C-11).
const LOCATIONS = ['ZA', 'KE', 'GH', 'NG', 'ZAR']

const payment = z.object({
  trip_id: uuid(),
  payment_method: z.enum(PAYMENT_METHODS),
  currency: text()
    .transform((code) => code.toUpperCase())
    .refine((code) => KNOWN_CURRENCIES.includes(code), {
      error: ({ input }) =>
        `Unsupported currency: ${String(input).slice(0, 10)}. Use one of ['USD', 'NGN', 'KES', 'ZAR', 'GHS']`,
    })
    .describe(`One of ${CURRENCIES.join(', ')}; checked for form only, the trip's own currency counts`),
  location: text()
    .transform((code) => code.toUpperCase())
    .refine((code) => LOCATIONS.includes(code), {
      error: ({ input }) => `"${String(input).slice(0, 10)}" is not a valid choice.`,
    })
    .nullish(),
})

const paymentAnswer = messageAnswer.extend({
  payment_link: z.string().optional().describe('The page to pay on; not for cash'),
  transaction_id: z.string().optional(),
})

/** Choosing how to pay: cash, or a page of the payment gateway of the trip's market. */
export function registerPayments(app: FastifyInstance, { platform }: ClassicContext): void {
  const api = app.withTypeProvider<ZodTypeProvider>()
  const options = { onRequest: requireRole(platform, 'customer'), errorHandler: answerInDetails }
  for (const url of URLS) {
    const schema = {
      tags: ['Payments'],
      security: [{ bearer: [] }],
      summary: 'Choose how to pay for an own trip',
      body: payment,
      response: { 200: paymentAnswer, ...errorAnswers(400, 401, 403, 503) },
    }
    api.post(url, { ...options, schema }, (request) => {
      const { trip_id, payment_method } = request.body
      const customerId = principalOf(request).accountId as CustomerId
      return inWordsOf(WORDS, async () => {
        const chosen = await choosePayment(platform, customerId, trip_id as TripId, payment_method)
        if (payment_method === 'cash')
          return { message: 'Cash payment selected. Driver will confirm receipt.' }
        const opened = await openPaymentPage(platform, chosen.id, returnUrlOf(platform.settings, request))
        return {
          message: 'Payment initialized successfully',
          // Nothing is left to pay where the customer's credit pays all; the page then says so.
          payment_link: opened.link ?? `${returnUrlOf(platform.settings, request)}?payment=${opened.id}`,
          transaction_id: opened.id,
        }
      })
    })
  }
}

const refuse = (text: string) => () => new InvalidBody({ trip_id: [text] })
const unavailable = (details: string) => new ClassicError(503, 'Payment service unavailable', details)

const WORDS = {
  'not-found': refuse('Invalid trip ID. Trip does not exist.'),
  'already-paid': refuse('This trip has already been paid for.'),
  'trip-not-pending': refuse('This trip is no longer waiting for a payment.'),
  'offer-pending': refuse('A driver is deciding; wait for his answer.'),
  'payment-unavailable': ({ details }: Refusal) =>
    unavailable(`${String(details['method'])} is not configured`),
  'gateway-unavailable': () => unavailable('the payment gateway does not answer; try again'),
  'request-in-flight': () => unavailable('the payment is being prepared; try again'),
  'payment-refused': ({ details }: Refusal) =>
    new ClassicError(400, 'Failed to initialize payment', { gateway: [String(details['reason'])] }),
} as const
