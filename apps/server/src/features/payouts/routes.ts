import {
  Earnings,
  EarningsPage,
  NewPayout,
  OwnPayoutAccount,
  Payout as PayoutBody,
  PayoutAccount,
  PayoutPage,
  Payouts,
} from '@toota/contract'
import type { FastifyRequest } from 'fastify'
import type { DriverId, PayoutId, TripId } from '../../kernel/index.ts'
import { refusals, signedIn, type Api } from '../../platform/http/api.ts'
import type { ApiContext } from '../../platform/http/api-context.ts'
import { answerOnce } from '../../platform/http/answer-once.ts'
import { listPayouts } from './list-payouts.ts'
import { accountBody, payoutBody } from './payout-bodies.ts'
import { requestPayout } from './request-payout.ts'
import { savePayoutAccount } from './save-payout-account.ts'
import { viewEarnings } from './view-earnings.ts'
import { viewPayoutAccount } from './view-payout-account.ts'

const tags = ['Earnings']
const security = signedIn

/** A driver's earnings on `/v1`: what his trips brought, and how he gets it. */
export function payoutRoutes(context: ApiContext): (api: Api) => void {
  return (api) => {
    registerAccount(api, context)
    registerPayouts(api, context)
    registerEarnings(api, context)
  }
}

const driverOf = ({ access }: ApiContext, request: FastifyRequest): DriverId =>
  access.principalOf(request).accountId as DriverId

function registerAccount(api: Api, context: ApiContext): void {
  const { access, platform } = context
  const onRequest = access.requireRole('driver')
  api.get(
    '/me/payout-account',
    {
      onRequest,
      schema: {
        ...{ tags, security, operationId: 'getPayoutAccount', summary: 'Where the own earnings go' },
        response: { 200: OwnPayoutAccount, ...refusals(401, 403) },
      },
    },
    async (request) => accountBody(await viewPayoutAccount(platform, driverOf(context, request))),
  )
  api.put(
    '/me/payout-account',
    {
      onRequest,
      schema: {
        ...{ tags, security, operationId: 'savePayoutAccount', summary: 'Say where the own earnings go' },
        description:
          'A payout under way still goes where it was going. The number is never shown whole again.',
        body: PayoutAccount,
        response: { 200: OwnPayoutAccount, ...refusals(401, 403, 409) },
      },
    },
    async (request) =>
      accountBody(await savePayoutAccount(platform, driverOf(context, request), request.body)),
  )
}

function registerPayouts(api: Api, context: ApiContext): void {
  const { access, platform } = context
  const onRequest = access.requireRole('driver')
  api.get(
    '/me/payouts',
    {
      onRequest,
      schema: {
        ...{ tags, security, operationId: 'listPayouts', summary: 'Own payouts, newest first' },
        querystring: PayoutPage,
        response: { 200: Payouts, ...refusals(401, 403) },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query
      const page = await listPayouts(platform, driverOf(context, request), {
        limit,
        cursor: cursor as PayoutId | undefined,
      })
      return { payouts: page.payouts.map(payoutBody), nextCursor: page.nextCursor }
    },
  )
  api.post(
    '/me/payouts',
    {
      onRequest,
      config: { takesKey: true },
      schema: {
        ...{ tags, security, operationId: 'requestPayout', summary: 'Have earnings paid out' },
        description:
          'Needs an Idempotency-Key: the same key never makes a second payout. The amount is off the balance at once, and back on it should the payout fail. One is under way at a time.',
        body: NewPayout,
        response: { 201: PayoutBody, ...refusals(401, 403, 409, 422) },
      },
    },
    (request, reply) =>
      answerOnce(
        context,
        request,
        reply,
        (db) => requestPayout({ ...platform, db }, driverOf(context, request), request.body),
        { status: 201, body: payoutBody },
      ),
  )
}

function registerEarnings(api: Api, context: ApiContext): void {
  const { access, platform } = context
  api.get(
    '/me/earnings',
    {
      onRequest: access.requireRole('driver'),
      schema: {
        ...{
          tags,
          security,
          operationId: 'getEarnings',
          summary: 'What the own completed trips earned, newest first',
        },
        description: 'What of it can be paid out is in `GET /v1/me/balances`.',
        querystring: EarningsPage,
        response: { 200: Earnings, ...refusals(401, 403) },
      },
    },
    async (request) => {
      const { limit, cursor, from, to } = request.query
      const { totals, settlements, nextCursor } = await viewEarnings(platform, driverOf(context, request), {
        limit,
        cursor: cursor as TripId | undefined,
        from: from === undefined ? undefined : new Date(from),
        to: to === undefined ? undefined : new Date(to),
      })
      return {
        totals: [...totals],
        settlements: settlements.map((each) => ({ ...each, settledAt: each.settledAt.toISOString() })),
        nextCursor,
      }
    },
  )
}
