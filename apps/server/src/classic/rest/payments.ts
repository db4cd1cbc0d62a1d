import { CURRENCIES, PAYMENT_METHODS } from '@toota/contract'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { payInCash } from '../../features/trips/index.ts'
import type { CustomerId, TripId } from '../../kernel/index.ts'
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

/** Choosing how to pay. Cash works; the gateways are not there yet and say so. */
export function registerPayments(app: FastifyInstance, { platform }: ClassicContext): void {
  const api = app.withTypeProvider<ZodTypeProvider>()
  const options = { onRequest: requireRole(platform, 'customer'), errorHandler: answerInDetails }
  for (const url of URLS) {
    const schema = {
      tags: ['Payments'],
      security: [{ bearer: [] }],
      summary: 'Choose how to pay for an own trip',
      body: payment,
      response: { 200: messageAnswer, ...errorAnswers(400, 401, 403, 503) },
    }
    api.post(url, { ...options, schema }, async (request) => {
      const { trip_id, payment_method } = request.body
      if (payment_method !== 'cash') {
        throw new ClassicError(503, 'Payment service unavailable', {
          payment_method: [`${payment_method} is not configured`],
        })
      }
      const customerId = principalOf(request).accountId as CustomerId
      await inWordsOf(WORDS, () => payInCash(platform, customerId, trip_id as TripId))
      return { message: 'Cash payment selected. Driver will confirm receipt.' }
    })
  }
}

const refuse = (text: string) => () => new InvalidBody({ trip_id: [text] })

const WORDS = {
  'not-found': refuse('Invalid trip ID. Trip does not exist.'),
  'already-paid': refuse('This trip has already been paid for.'),
  'trip-not-pending': refuse('This trip is no longer waiting for a payment.'),
} as const
