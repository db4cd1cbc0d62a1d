import type { Problem } from '@toota/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Database } from '../database/index.ts'
import { once } from '../kept-answers.ts'
import { idempotencyKeyOf } from './api.ts'
import type { ApiContext } from './api-context.ts'
import { ProblemAnswer, problemOf } from './problem.ts'

type Answering<T, Body> = {
  readonly status: 200 | 201 | 204
  readonly body: (result: T) => Body
  /** Without a key the call is simply made: a repeat changes nothing, but may be refused for what happened since. */
  readonly isKeyOptional?: true
}

/**
 * Answers a call of `/v1` once per Idempotency-Key: the effect and its answer commit together, and a repeat
 * gets the same answer. `work` is handed the database that records it.
 */
export async function answerOnce<T, Body>(
  { platform, access }: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (db: Database) => Promise<T>,
  { status, body, isKeyOptional }: Answering<T, Body>,
): Promise<Body> {
  if (isKeyOptional && request.headers['idempotency-key'] === undefined) {
    const result = await work(platform.db)
    void reply.code(status)
    return body(result)
  }
  const call = {
    accountId: access.principalOf(request).accountId,
    route: `${request.method} ${request.routeOptions.url ?? ''}`,
    key: idempotencyKeyOf(request),
    request: [request.params, request.body],
  }
  const answer = await once(platform.db, call, work, {
    done: (result) => ({ status, body: JSON.stringify(body(result)) }),
    refused: (refusal) => {
      const problem = problemOf(refusal, request.id)
      // What may be otherwise in a moment is not kept: busy, away, too many requests. Nor what never touched anything,
      // or a stranger's questions would fill the table.
      const isPassing = problem.status >= 500 || [400, 404, 429].includes(problem.status)
      return isPassing ? undefined : { status: problem.status, body: JSON.stringify(problem) }
    },
  })
  if (answer.status >= 400) throw new ProblemAnswer(JSON.parse(answer.body) as Problem)
  void reply.code(answer.status)
  return JSON.parse(answer.body) as Body
}
