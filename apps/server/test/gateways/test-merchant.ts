import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { startFakeGateways, type FakeGateways, type FakeGatewaysOptions } from './fake-gateways.ts'
import type { GatewayName } from './wire.ts'

/** A webhook that arrived. */
export type Heard = {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** What a gateway answered. */
export type Answer = { readonly status: number; readonly body: Record<string, unknown> }

/** A merchant: hears webhooks, and asks the gateways with the right key unless a call brings its own. */
export type Merchant = FakeGateways & {
  readonly heard: Heard[]
  /** What webhooks are answered with. */
  answerWith(status: number): void
  /** What of one event was heard, parsed. */
  events(name: string): Record<string, unknown>[]
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
}

/** Starts gateways and a merchant for the test that calls it; time stands still until it is advanced. */
export async function startMerchant(options: FakeGatewaysOptions = {}): Promise<Merchant> {
  const heard: Heard[] = []
  let status = 200
  const shop = createServer((request, response) => {
    let body = ''
    request.on('data', (data: Buffer) => (body += data.toString('utf8')))
    request.on('end', () => {
      heard.push({ path: request.url ?? '', headers: request.headers, body })
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((listening) => shop.listen(0, '127.0.0.1', listening))
  const webhookBase = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
  const fake = await startFakeGateways({ clock: 'virtual', webhookBase, ...options })
  onTestFinished(async () => {
    await fake.close()
    shop.closeAllConnections()
    await new Promise((closed) => shop.close(closed))
  })

  const call = async (
    method: string,
    path: string,
    headers?: Record<string, string>,
    body?: unknown,
  ): Promise<Answer> => {
    const gateway = path.split('/')[1] as GatewayName
    const response = await fetch(`${fake.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${fake.secrets[gateway].secretKey}`, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return {
    ...fake,
    heard,
    answerWith: (next) => (status = next),
    events: (name) =>
      heard
        .map(({ body }) => JSON.parse(body) as Record<string, unknown>)
        .filter(({ event, type }) => (event ?? type) === name),
    post: (path, body, headers) => call('POST', path, headers, body),
    get: (path, headers) => call('GET', path, headers),
  }
}

/** What a nested answer holds at a path such as `data.customer.email`. */
export const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], value)

const ORDERS: Readonly<Record<GatewayName, (reference: string) => readonly [path: string, body: unknown]>> = {
  paystack: (reference) => [
    '/paystack/transaction/initialize',
    {
      email: 'thandi@example.com',
      amount: 30050,
      currency: 'ZAR',
      reference,
      callback_url: 'https://toota.example/back?trip=7',
    },
  ],
  flutterwave: (reference) => [
    '/flutterwave/v3/payments',
    {
      tx_ref: reference,
      amount: 300.5,
      currency: 'NGN',
      redirect_url: 'https://toota.example/back?trip=7',
      customer: { email: 'ada@example.com' },
    },
  ],
  yoco: (reference) => [
    '/yoco/api/checkouts',
    {
      amount: 30050,
      currency: 'ZAR',
      successUrl: 'https://toota.example/success',
      cancelUrl: 'https://toota.example/cancel',
      failureUrl: 'https://toota.example/failure',
      metadata: { reference },
    },
  ],
}

/** Orders a payment of 300.50 and answers with what the gateway said. */
export async function order(merchant: Merchant, gateway: GatewayName, reference: string): Promise<Answer> {
  const [path, body] = ORDERS[gateway](reference)
  return merchant.post(path, body, { 'idempotency-key': `key-${reference}` })
}

/** Orders a payment and pays it. */
export async function orderAndPay(
  merchant: Merchant,
  gateway: GatewayName,
  reference: string,
): Promise<Answer> {
  const ordered = await order(merchant, gateway, reference)
  merchant.control.pay({ gateway, reference, action: 'pay' })
  return ordered
}

/** Where the page of an ordered payment is. */
export const pageOf = ({ body }: Answer): string =>
  String(at(body, 'data.authorization_url') ?? at(body, 'data.link') ?? at(body, 'redirectUrl'))
