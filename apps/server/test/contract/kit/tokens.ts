import { createHmac } from 'node:crypto'
import type { Json } from '../../test-socket.ts'
import { SECRET_KEY } from './server.ts'

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

export const claimsOf = (token: unknown): Json =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as Json

export const headerOf = (token: unknown): Json =>
  JSON.parse(Buffer.from(String(token).split('.')[0] ?? '', 'base64url').toString()) as Json

/** A token with these claims, signed as the server signs, or with a key of one's own. */
export function sign(claims: Json, key: string = SECRET_KEY, alg: 'HS256' | 'none' = 'HS256'): string {
  const body = `${encode({ alg, typ: 'JWT' })}.${encode(claims)}`
  return `${body}.${alg === 'none' ? '' : createHmac('sha256', key).update(body).digest('base64url')}`
}

/** The same token with some claims changed, signed properly. */
export const altered = (token: string, changes: Json): string => sign({ ...claimsOf(token), ...changes })
