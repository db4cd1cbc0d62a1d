import { createToota, type Toota, type TootaOptions } from '@toota/sdk'
import type { ServerResponse } from 'node:http'
import { WebSocket } from 'ws'
import { serveFar, type FarRequest, type FarServer } from '../far-server.ts'

export const TRIP = {
  vehicleClass: 'bakkie',
  pickup: { address: '1 Commissioner Street', latitude: -26.2041, longitude: 28.0473 },
  destination: { address: '5 Rivonia Road', latitude: -26.1076, longitude: 28.0567 },
} as const

export type Turn = (response: ServerResponse, request: FarRequest) => void

/** An answer of the API. */
export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Turn =>
  (response) => {
    const type = status < 300 ? 'application/json' : 'application/problem+json'
    response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body))
  }

/** A refusal of the catalogue. */
export const problem = (status: number, code: string, retryable = false, headers = {}): Turn =>
  json(status, { type: `/docs/#${code}`, title: 'No.', status, code, retryable, requestId: 'r-1' }, headers)

/** The connection breaks before any answer. */
export const hangUp: Turn = (response) => response.destroy()

/** Nothing ever comes. */
export const silence: Turn = () => undefined

/** Half of the promised bytes, then the end. */
export const torn: Turn = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"trips":[')
  setTimeout(() => response.destroy(), 20)
}

let tokens = 0
export const newTokens = (lifeMs = 600_000) => ({
  accountId: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
  role: 'customer',
  accessToken: `access-${++tokens}`,
  accessExpiresAt: new Date(Date.now() + lifeMs).toISOString(),
  refreshToken: `refresh-${tokens}`,
  refreshExpiresAt: new Date(Date.now() + 86_400_000).toISOString(),
})

export const PERSON = { role: 'customer', email: 'thandi@example.com', password: 'bakkie op pad' } as const

/**
 * A client before a server that misbehaves: it signs in by whatever `newTokens` gave, then each request takes the next turn,
 * and the last turn is for all that follow.
 */
export async function beforeFarApi(
  turns: readonly Turn[],
  options: Partial<TootaOptions> = {},
): Promise<{ toota: Toota; far: FarServer; calls: () => FarRequest[] }> {
  let turn = 0
  const far = await serveFar((response, request) => {
    if (request.url === '/v1/sessions' && request.method === 'POST') json(201, newTokens())(response, request)
    else (turns[turn++] ?? turns.at(-1))?.(response, request)
  })
  const toota = createToota({ baseUrl: far.baseUrl, WebSocket, random: () => 0, ...options })
  await toota.account.signIn(PERSON)
  return { toota, far, calls: () => far.requests.slice(1) }
}
