import {
  AddressOfAccount,
  MailSent,
  NewAccount,
  NewPasswordByCode,
  SessionTokens,
  VerificationCode,
} from '@toota/contract'
import { z } from 'zod'
import { refusals, type Api } from '../../platform/http/api.ts'
import type { ApiContext } from '../../platform/http/api-context.ts'
import { requestResetPrivately } from './request-reset.ts'
import { resendCodePrivately } from './resend-code.ts'
import { resetPasswordPrivately } from './reset-password.ts'
import { sessionBody } from './session-routes.ts'
import { signUpPrivately } from './sign-up-privately.ts'
import { verifyPrivately } from './verify-privately.ts'

const tags = ['Accounts']
const readMail = { next: 'read-mail' } as const

/** Becoming somebody on `/v1`. No answer here tells whether an address has an account. */
export function accountRoutes(context: ApiContext): (api: Api) => void {
  return (api) => {
    registerSignUp(api, context)
    registerResets(api, context)
  }
}

function registerSignUp(api: Api, { platform }: ApiContext): void {
  api.post(
    '/accounts',
    {
      config: { limits: ['signUps'], hidesTime: true },
      schema: {
        ...{
          tags,
          operationId: 'signUp',
          summary: 'Sign up; the code that verifies the address comes by mail',
        },
        description: 'An address that has an account gets a mail that says so.',
        body: NewAccount,
        response: { 202: MailSent, ...refusals() },
      },
    },
    async (request, reply) => {
      await signUpPrivately(platform, request.body)
      void reply.code(202)
      return readMail
    },
  )
  api.post(
    '/accounts/codes',
    {
      config: { limits: ['codes'], hidesTime: true },
      schema: {
        ...{ tags, operationId: 'sendCode', summary: 'Another code for an address that is not verified yet' },
        body: AddressOfAccount,
        response: { 202: MailSent, ...refusals() },
      },
    },
    async (request, reply) => {
      await resendCodePrivately(platform, request.body)
      void reply.code(202)
      return readMail
    },
  )
  api.post(
    '/accounts/verification',
    {
      config: { limits: ['codes'], hidesTime: true },
      schema: {
        ...{ tags, operationId: 'verifyAccount', summary: 'Verify the address by its code, and sign in' },
        description: 'A code takes five tries.',
        body: VerificationCode,
        response: { 201: SessionTokens, ...refusals() },
      },
    },
    async (request, reply) => {
      void reply.code(201)
      return sessionBody(await verifyPrivately(platform, request.body))
    },
  )
}

function registerResets(api: Api, { platform }: ApiContext): void {
  api.post(
    '/password-resets',
    {
      config: { limits: ['codes'], hidesTime: true },
      schema: {
        ...{ tags, operationId: 'requestReset', summary: 'A code for a new password, by mail' },
        body: AddressOfAccount,
        response: { 202: MailSent, ...refusals() },
      },
    },
    async (request, reply) => {
      await requestResetPrivately(platform, request.body)
      void reply.code(202)
      return readMail
    },
  )
  api.post(
    '/password-resets/completion',
    {
      config: { limits: ['codes'], hidesTime: true },
      schema: {
        ...{
          tags,
          operationId: 'resetPassword',
          summary: 'Set a new password by the code; every session ends',
        },
        description: 'A code takes five tries.',
        body: NewPasswordByCode,
        response: { 204: z.null().describe('Set'), ...refusals() },
      },
    },
    async (request, reply) => {
      await resetPasswordPrivately(platform, request.body)
      return reply.code(204).send(null)
    },
  )
}
