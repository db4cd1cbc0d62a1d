import { Balances, CashConfirmation, CashReceipt, Id, NewPayment, Payment } from '@toota/contract'
import { z } from 'zod'
import type { CustomerId, DriverId, PaymentId, TripId } from '../../kernel/index.ts'
import { ACT, refusals, signedIn, type Api } from '../../platform/http/api.ts'
import type { ApiContext } from '../../platform/http/api-context.ts'
import { answerOnce } from '../../platform/http/answer-once.ts'
import { returnUrlOf } from '../../platform/http/return-url.ts'
import { checkOwnPayment } from './check-own-payment.ts'
import { choosePayment } from './choose-payment.ts'
import { confirmCash } from './confirm-cash.ts'
import { openPaymentPage } from './open-payment-page.ts'
import { paymentBody, showPayment } from './show-payment.ts'
import { stateCash } from './state-cash.ts'
import { viewBalances } from './view-balances.ts'
import { viewDriversPayment } from './view-drivers-payment.ts'

const tags = ['Payments']
const security = signedIn
const params = z.object({ tripId: Id })
const idOf = (request: { params: z.output<typeof params> }) => request.params.tripId as TripId

/** Payments on `/v1`: how a trip is paid, the cash as both sides state it, and what an account has. */
export function paymentRoutes(context: ApiContext): (api: Api) => void {
  return (api) => {
    registerPaying(api, context)
    registerChecking(api, context)
    registerCash(api, context)
    registerBalance(api, context)
  }
}

function registerPaying(api: Api, context: ApiContext): void {
  const { access, platform } = context
  api.post(
    '/trips/:tripId/payment',
    {
      onRequest: access.requireRole('customer'),
      config: { takesKey: true, isCommand: true },
      schema: {
        ...{
          tags,
          security,
          operationId: 'payTrip',
          summary: 'Choose how to pay an own trip that still waits',
        },
        description:
          'Needs an Idempotency-Key. For anything but cash the answer has a `link`: the page to pay on. The same method again goes on with the same payment; another one replaces it.',
        params,
        body: NewPayment,
        response: { 201: Payment, ...refusals(401, 403, 404, 409, 422) },
      },
    },
    async (request, reply) => {
      const { method } = request.body
      const customerId = access.principalOf(request).accountId as CustomerId
      const chosen = await answerOnce(
        context,
        request,
        reply,
        (db) => choosePayment({ ...platform, db }, customerId, idOf(request), method),
        { status: 201, body: (payment) => paymentBody(showPayment(platform.tokens, payment, 'customer')) },
      )
      if (method === 'cash') return chosen
      // The gateway is asked outside of the transaction that was answered for; asking again is safe.
      const returnUrl = returnUrlOf(platform.settings, request)
      const opened = await openPaymentPage(platform, chosen.id as PaymentId, returnUrl)
      return paymentBody(showPayment(platform.tokens, opened, 'customer'))
    },
  )
}

function registerChecking(api: Api, { access, platform }: ApiContext): void {
  api.post(
    '/trips/:tripId/payment/check',
    {
      onRequest: access.requireRole('customer'),
      config: { isCommand: true },
      schema: {
        ...{
          tags,
          security,
          operationId: 'checkPayment',
          summary: 'Ask the payment service what became of it',
        },
        description: 'For who comes back from the payment page; it is asked by itself too, only later.',
        params,
        response: { 200: Payment, ...refusals(401, 403, 404, 409) },
      },
    },
    async (request) => {
      const customerId = access.principalOf(request).accountId as CustomerId
      const payment = await checkOwnPayment(platform, customerId, idOf(request))
      return paymentBody(showPayment(platform.tokens, payment, 'customer'))
    },
  )
}

function registerCash(api: Api, context: ApiContext): void {
  const { access, platform } = context
  api.post(
    '/trips/:tripId/cash-receipt',
    {
      onRequest: access.requireRole('driver'),
      config: { isCommand: true },
      schema: {
        ...{ tags, security, operationId: 'receiveCash', summary: 'Say what cash was handed over' },
        description:
          'Once, during the trip or after it; the same again changes nothing. Too much becomes the credit of the customer.',
        params,
        body: CashReceipt.nullish(),
        response: { 200: Payment, ...refusals(401, 403, 404, 409) },
      },
    },
    async (request) => {
      const driverId = access.principalOf(request).accountId as DriverId
      await stateCash(platform, driverId, idOf(request), request.body ?? {})
      return paymentBody(await viewDriversPayment(platform, driverId, idOf(request)))
    },
  )

  api.post(
    '/trips/:tripId/cash-confirmation',
    {
      onRequest: access.requireRole('customer'),
      config: ACT,
      schema: {
        ...{ tags, security, operationId: 'confirmCash', summary: 'Say what cash was paid' },
        description:
          'Once, during the trip or after it. When the driver says otherwise, a person looks into it.',
        params,
        body: CashConfirmation,
        response: { 200: Payment, ...refusals(401, 403, 404, 409, 422) },
      },
    },
    (request, reply) => {
      const customerId = access.principalOf(request).accountId as CustomerId
      const { paidMinor } = request.body
      return answerOnce(
        ...([context, request, reply] as const),
        (db) => confirmCash({ ...platform, db }, customerId, idOf(request), paidMinor),
        {
          status: 200,
          body: (payment) => paymentBody(showPayment(platform.tokens, payment, 'customer')),
          isKeyOptional: true,
        },
      )
    },
  )
}

function registerBalance(api: Api, { access, platform }: ApiContext): void {
  api.get(
    '/me/balances',
    {
      onRequest: access.requireRole('customer', 'driver'),
      schema: {
        ...{ tags, security, operationId: 'getBalances', summary: 'What the own account has, and owes' },
        response: { 200: Balances, ...refusals(401, 403) },
      },
    },
    async (request) => {
      const { accountId, role } = access.principalOf(request)
      const balances = await viewBalances(platform, accountId, role === 'driver' ? 'driver' : 'customer')
      return { balances }
    },
  )
}
