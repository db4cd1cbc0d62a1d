import {
  CaseResolution,
  Id,
  MoneyCase,
  MoneyCasePage,
  MoneyCases,
  NewRefund,
  Refund,
  Statements,
  StatementSpan,
} from '@toota/contract'
import { z } from 'zod'
import { Refusal, type CaseId, type PaymentId } from '../../kernel/index.ts'
import { refusals, signedIn, type Api } from '../../platform/http/api.ts'
import type { ApiContext } from '../../platform/http/api-context.ts'
import { answerOnce } from '../../platform/http/answer-once.ts'
import { viewStatements } from '../ledger/index.ts'
import { listCases } from './list-cases.ts'
import { refundPayment } from './refund-payment.ts'
import { resolveCase } from './resolve-case.ts'
import { caseBody, refundBody } from './staff-bodies.ts'

const tags = ['Money, for staff']
const security = signedIn

/** What staff see and decide of money on `/v1`. */
export function moneyStaffRoutes(context: ApiContext): (api: Api) => void {
  return (api) => {
    registerCases(api, context)
    registerRefunds(api, context)
    registerStatements(api, context)
  }
}

function registerCases(api: Api, { access, platform }: ApiContext): void {
  const onRequest = access.requireRole('staff')
  api.get(
    '/cases',
    {
      onRequest,
      schema: {
        ...{ tags, security, operationId: 'listCases', summary: 'Matters of money that wait for a person' },
        querystring: MoneyCasePage,
        response: { 200: MoneyCases, ...refusals(401, 403) },
      },
    },
    async ({ query }) => {
      const { limit, state, cursor } = query
      const page = await listCases(platform, {
        isOpen: state === 'open',
        limit,
        cursor: cursor as CaseId | undefined,
      })
      return { cases: page.cases.map(caseBody), nextCursor: page.nextCursor }
    },
  )

  api.post(
    '/cases/:caseId/resolution',
    {
      onRequest,
      schema: {
        ...{ tags, security, operationId: 'resolveCase', summary: 'Settle a case' },
        description: 'For cash, `cashMinor` says what was really handed over, and the books follow.',
        params: z.object({ caseId: Id }),
        body: CaseResolution,
        response: { 200: MoneyCase, ...refusals(401, 403, 404, 409) },
      },
    },
    async (request) => {
      const by = access.principalOf(request).accountId
      return caseBody(await resolveCase(platform, by, request.params.caseId as CaseId, request.body))
    },
  )
}

function registerRefunds(api: Api, context: ApiContext): void {
  const { access } = context
  api.post(
    '/payments/:paymentId/refunds',
    {
      onRequest: access.requireRole('staff'),
      config: { takesKey: true },
      schema: {
        ...{ tags, security, operationId: 'refundPayment', summary: 'Give money back' },
        description:
          "Needs an Idempotency-Key. To where it came from; what was paid in cash becomes the customer's credit.",
        params: z.object({ paymentId: Id }),
        body: NewRefund,
        response: { 201: Refund, ...refusals(401, 403, 404, 409, 422) },
      },
    },
    (request, reply) =>
      answerOnce(
        context,
        request,
        reply,
        (db) => refundPayment({ db }, request.params.paymentId as PaymentId, request.body),
        { status: 201, body: refundBody },
      ),
  )
}

function registerStatements(api: Api, { access, platform }: ApiContext): void {
  api.get(
    '/statements',
    {
      onRequest: access.requireRole('staff'),
      schema: {
        ...{
          tags,
          security,
          operationId: 'getStatements',
          summary: 'What came of the fares of completed trips',
        },
        querystring: StatementSpan,
        response: { 200: Statements, ...refusals(401, 403) },
      },
    },
    async ({ query }) => {
      const span = { from: new Date(query.from), to: new Date(query.to) }
      if (span.from >= span.to) throw new Refusal('invalid-request', { to: 'must be after from' })
      return { statements: await viewStatements(platform, span) }
    },
  )
}
