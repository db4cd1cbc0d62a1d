import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate, setTimeout as delay } from 'node:timers/promises'
import { flood, spoilAmounts, truncate, type DueFault, type FaultBook } from './faults.ts'
import { GATEWAY_PARTS } from './gateway-parts.ts'
import type { HoldDesk } from './holds.ts'
import { act } from './steps.ts'
import { fieldsOf, findRoute, type Fields, type GatewayName, type Reply } from './wire.ts'
import type { World } from './world.ts'

/** What decides how calls are answered. */
export type Desk = { readonly world: World; readonly faults: FaultBook; readonly holds: HoldDesk }

/** A request that has been read, and where its answer goes. */
export type Exchange = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  readonly text: string
}

/** Answers a call of a gateway's API, or fails to, as it was told. */
export async function answerCall(desk: Desk, gateway: GatewayName, exchange: Exchange): Promise<void> {
  const { world, faults, holds } = desk
  const { request, response, url, text } = exchange
  const part = GATEWAY_PARTS[gateway]
  const found = findRoute(part.routes, request.method, url.pathname.slice(part.basePath.length))
  const isAuthorized = request.headers.authorization === `Bearer ${world.secrets[gateway].secretKey}`
  const body = parseBody(text)
  if (!found || !isAuthorized || !body) {
    const failure = { status: found ? 400 : 404, body: part.errorBody(found ? 'Invalid JSON' : 'Not found') }
    sendJson(response, isAuthorized ? failure : part.stranger)
    return
  }

  const { name, answer } = found.route
  world.state.calls.set(name, (world.state.calls.get(name) ?? 0) + 1)
  const fault = faults.take(name)
  await holds.pass(name, 'before')
  if (await isGone(request)) return
  const isWorked = fault?.isProcessed ?? true
  const reply = isWorked
    ? answer(world, { params: found.params, query: url.searchParams, body, headers: request.headers })
    : { status: 500, body: part.errorBody('An error occurred') }
  await holds.pass(name, 'after')
  if (fault) await spoil(world, gateway, exchange, fault, reply)
  else sendJson(response, reply)
}

/** Sends JSON. */
export function sendJson(response: ServerResponse, { status, body }: Reply): void {
  send(response, status, JSON.stringify(body))
}

/** The fields of a JSON body, none of an empty one; undefined if it is no JSON. */
export function parseBody(text: string): Fields | undefined {
  try {
    return fieldsOf(text === '' ? undefined : JSON.parse(text))
  } catch {
    return undefined
  }
}

/** Whether the caller was killed while his call was held: then he has not been heard. */
async function isGone({ socket }: IncomingMessage): Promise<boolean> {
  await setImmediate()
  return socket.destroyed || socket.readableEnded
}

async function spoil(
  world: World,
  gateway: GatewayName,
  { request, response }: Exchange,
  fault: DueFault,
  reply: Reply,
): Promise<void> {
  const fail = (status: number, headers?: Record<string, string>): void =>
    send(response, status, JSON.stringify(GATEWAY_PARTS[gateway].errorBody('An error occurred')), headers)
  const text = JSON.stringify(reply.body)
  switch (fault.fault) {
    case 'reset-before':
    case 'reset-after':
      request.socket.resetAndDestroy()
      break
    case 'stall':
      await delay(fault.stallMs, undefined, { ref: false })
      fail(503)
      break
    case '429':
      fail(429, { 'retry-after': String(fault.retryAfterSeconds) })
      break
    case 'status-false':
      fail(200)
      break
    case '500':
      fail(500)
      break
    case 'html':
      send(response, 200, '<!doctype html><h1>Down for maintenance</h1>', { 'content-type': 'text/html' })
      break
    case 'truncated':
      send(response, reply.status, truncate(text))
      break
    case 'nan':
    case 'text-amount':
      send(response, reply.status, spoilAmounts(text, fault.fault))
      break
    case 'huge':
      response.writeHead(reply.status, { 'content-type': 'application/json' })
      // Whoever has read enough hangs up.
      await pipeline(Readable.from(flood(fault.hugeBytes)), response).catch(() => undefined)
      break
    case 'before-init-response':
      await payFirst(world, gateway, reply.opened)
      sendJson(response, reply)
  }
}

/** The customer pays, and the webhook is delivered, before the merchant knows where to send him. */
async function payFirst(world: World, gateway: GatewayName, reference: string | undefined): Promise<void> {
  const payment = reference === undefined ? undefined : world.state.payment(gateway, reference)
  if (!payment) return
  act(world, payment, 'pay')
  await world.webhooks.flush(payment.reference)
}

function send(
  response: ServerResponse,
  status: number,
  text: string,
  headers?: Record<string, string>,
): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...headers,
  })
  response.end(text)
}
