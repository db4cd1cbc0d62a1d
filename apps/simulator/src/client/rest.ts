import { setTimeout as pause } from 'node:timers/promises'
import { parseMessage, type Message } from './reading.ts'

export type Answer = { readonly status: number; readonly body: Message }

export type Call = {
  readonly token?: string
  readonly json?: Message
  /** A list is sent as several fields of one name. */
  readonly form?: Readonly<Record<string, string | Blob | readonly Blob[]>>
  /** Sending it twice does no harm, so it is repeated after a lost connection. */
  readonly isRepeatable?: boolean
}

export type Rest = {
  readonly baseUrl: string
  call(method: string, path: string, call?: Call): Promise<Answer>
}

const REQUEST_TIMEOUT_MS = 15_000
const TRIES = 12
const BETWEEN_TRIES_MS = 1_000

export class UnexpectedAnswer extends Error {
  readonly answer: Answer
  constructor(method: string, path: string, answer: Answer) {
    super(`${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`)
    this.name = 'UnexpectedAnswer'
    this.answer = answer
  }
}

export function createRest(baseUrl: string): Rest {
  return {
    baseUrl,
    call: async (method, path, call = {}) => {
      for (let tries = 1; ; tries++) {
        try {
          const answer = await callOnce(baseUrl + path, method, call)
          if (answer.status !== 503 || call.isRepeatable !== true || tries >= TRIES) return answer
        } catch (error) {
          // Refused connections never reached the server; anything else may have.
          if (tries >= TRIES || !(call.isRepeatable === true || wasRefused(error))) {
            throw new Error(`No answer from ${baseUrl}${path}: ${reasonOf(error)}`, { cause: error })
          }
        }
        await pause(BETWEEN_TRIES_MS)
      }
    },
  }
}

/** As {@link Rest.call}, but any status other than 2xx throws {@link UnexpectedAnswer}. */
export async function callOk(rest: Rest, method: string, path: string, call?: Call): Promise<Message> {
  const answer = await rest.call(method, path, call)
  if (answer.status < 200 || answer.status > 299) throw new UnexpectedAnswer(method, path, answer)
  return answer.body
}

async function callOnce(url: string, method: string, { token, json, form }: Call): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  if (json !== undefined) headers['content-type'] = 'application/json'
  const init: RequestInit = { method, headers, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) }
  if (json !== undefined) init.body = JSON.stringify(json)
  if (form !== undefined) init.body = toFormData(form)

  const response = await fetch(url, init)
  const text = await response.text()
  return { status: response.status, body: parseMessage(text) ?? { text: text.slice(0, 300) } }
}

function toFormData(form: NonNullable<Call['form']>): FormData {
  const data = new FormData()
  for (const [name, values] of Object.entries(form))
    for (const value of [values].flat()) data.append(name, value)
  return data
}

const wasRefused = (error: unknown): boolean => reasonOf(error) === 'ECONNREFUSED'

/** fetch says only "fetch failed" and hides the reason in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string')
    return cause.code
  return error.message
}
