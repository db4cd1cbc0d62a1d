import { expect } from 'vitest'
import type { Json } from '../../test-socket.ts'

export type Call = {
  readonly token?: string | undefined
  readonly json?: unknown
  readonly form?: Record<string, string>
  readonly multipart?: FormData
  /** Any body, with its media type in `headers`. */
  readonly raw?: BodyInit
  readonly headers?: Record<string, string>
}
/** `body` is `{}` when the answer is not JSON. */
export type Answer = {
  readonly status: number
  readonly body: Json
  readonly text: string
  readonly headers: Headers
}

export async function call(
  base: string,
  method: string,
  path: string,
  { token, json, form, multipart, raw, headers }: Call = {},
): Promise<Answer> {
  const body =
    json === undefined ? (form ? new URLSearchParams(form) : (multipart ?? raw)) : JSON.stringify(json)
  const response = await fetch(base + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  })
  const text = await response.text()
  return { status: response.status, body: asJson(text), text, headers: response.headers }
}

function asJson(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return {}
  }
}

/** Status and body, nothing else, for comparing whole answers. */
export const whole = ({ status, body }: Answer): { status: number; body: Json } => ({ status, body })

/** The same of an error, after checking that it also has a `message` for people (B-30). */
export function refusal({ status, body: { message, ...body } }: Answer): { status: number; body: Json } {
  expect(message, 'every error has a message').toEqual(expect.stringMatching(/\S/))
  return { status, body }
}

export const refused = (status: number, body: Json): { status: number; body: Json } => ({ status, body })

/** What a 400 says of one field, whatever it says of others. */
export function fieldTexts({ status, body }: Answer, field: string): unknown {
  expect(status).toBe(400)
  expect(body['message'], 'every error has a message').toEqual(expect.stringMatching(/\S/))
  return body[field]
}

/** A multipart body; a list becomes several parts of one name. */
export function multipart(fields: Record<string, string | Blob | readonly (string | Blob)[]>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields))
    for (const one of typeof value === 'string' || value instanceof Blob ? [value] : value)
      if (typeof one === 'string') form.append(name, one)
      else form.append(name, one, one instanceof File ? one.name : 'picture.png')
  return form
}
