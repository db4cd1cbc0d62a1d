import { createHmac, randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { startFakeGateways, type FakeGateways } from '../../gateways/fake-gateways.ts'
import { createTrip } from './desk.ts'
import { call, type Answer } from './http.ts'
import { joinUser, newPlace, type Person, type Point } from './people.ts'
import { startServer, type Json, type Server, type TestSocket } from './server.ts'

export type GatewayName = 'paystack' | 'flutterwave' | 'yoco'
export const METHODS = ['card', 'mobile_money', 'bank_transfer'] as const
export type Method = (typeof METHODS)[number]

/** A server, and the gateways at its far end: both are other people's, and only meet over HTTP. */
export type Till = { readonly server: Server; readonly gateways: FakeGateways; stop(): Promise<void> }

/** Their webhooks wait until they are delivered by hand, and their clock until it is advanced. */
export async function openTill(settings: Record<string, string> = {}): Promise<Till> {
  const gateways = await startFakeGateways({ clock: 'virtual', automaticWebhooks: false })
  const { url, secrets } = gateways
  const server = await startServer({
    PAYSTACK_BASE_URL: `${url}/paystack`,
    PAYSTACK_SECRET_KEY: secrets.paystack.secretKey,
    FLUTTERWAVE_BASE_URL: `${url}/flutterwave/v3`,
    FLUTTERWAVE_SECRET_KEY: secrets.flutterwave.secretKey,
    FLUTTERWAVE_WEBHOOK_SECRET: secrets.flutterwave.webhookSecret,
    YOCO_BASE_URL: `${url}/yoco`,
    YOCO_SECRET_KEY: secrets.yoco.secretKey,
    YOCO_WEBHOOK_SECRET: secrets.yoco.webhookSecret,
    ...settings,
  }).catch(async (error: unknown) => {
    await gateways.close()
    throw error
  })
  const webhookAt = (name: GatewayName): string => `${server.base}/payment/${name}/webhook/`
  gateways.control.setWebhooks({
    paystack: webhookAt('paystack'),
    flutterwave: webhookAt('flutterwave'),
    yoco: webhookAt('yoco'),
  })
  return {
    server,
    gateways,
    async stop() {
      await server.stop()
      await gateways.close()
    },
  }
}

/** Where each market's pickups are. */
export const CITIES: Readonly<Record<'ZA' | 'NG' | 'KE' | 'GH', Point>> = {
  ZA: { latitude: -26.2041, longitude: 28.0473 },
  NG: { latitude: 6.5244, longitude: 3.3792 },
  KE: { latitude: -1.2864, longitude: 36.8172 },
  GH: { latitude: 5.6037, longitude: -0.187 },
}

/** A trip that somebody has to pay. */
export type Bill = {
  readonly user: Person
  readonly request: TestSocket
  readonly tripId: string
  readonly fare: number
}

/** The fare has cents: whoever loses them is found out. */
export async function newBill(server: Server, at: Point = newPlace(), payer?: Person): Promise<Bill> {
  const user = payer ?? (await joinUser(server))
  const request = await server.socket('/ws/trips/user/request/', user.access)
  for (let step = 0; step < 20; step++) {
    const created = await createTrip(request, at, { dest_lat: at.latitude + 0.09 + step * 0.001 })
    const fare = Number(created['estimated_fare'])
    if (!Number.isInteger(fare)) return { user, request, tripId: String(created['trip_id']), fare }
  }
  throw new Error('no fare with cents')
}

export const choose = (server: Server, { user, tripId }: Bill, payment_method: string, changes: Json = {}) =>
  server.post(
    '/payment/',
    { trip_id: tripId, payment_method, currency: 'ZAR', location: 'ZA', ...changes },
    user.access,
  )

/** The gateway's page, as a customer reads it; the amount is like `ZAR 123.45`. */
export type Page = {
  readonly link: string
  readonly id: string
  readonly gateway: string
  readonly amount: string
  readonly reference: string
  readonly email: string
}

/** Chooses to pay so, and opens the page. */
export async function order(
  server: Server,
  bill: Bill,
  method: Method = 'card',
  changes: Json = {},
): Promise<Page> {
  return openPage(await choose(server, bill, method, changes))
}

export async function openPage({ status, body, text }: Answer): Promise<Page> {
  expect(status, text).toBe(200)
  const { payment_link: link, transaction_id: id } = body as { payment_link: string; transaction_id: string }
  const html = await (await fetch(link)).text()
  const find = (pattern: RegExp): string => pattern.exec(html)?.[1] ?? ''
  return {
    link,
    id,
    gateway: find(/Plays (\w+)/),
    amount: find(/<h1>(.+?)<\/h1>/),
    reference: find(/<dt>Reference<\/dt><dd>(.+?)<\/dd>/),
    email: find(/<dt>E-mail<\/dt><dd>(.+?)<\/dd>/),
  }
}

export const amountOf = (currency: string, { fare }: Pick<Bill, 'fare'>): string =>
  `${currency} ${fare.toFixed(2)}`

/** Presses a button of the page; answers where the browser goes. */
export async function press(
  { link }: Pick<Page, 'link'>,
  action: 'pay' | 'decline' | 'cancel' = 'pay',
): Promise<URL> {
  const answer = await call('', 'POST', link, { form: { action } })
  expect(answer.status).toBe(303)
  return new URL(answer.headers.get('location') ?? '')
}

/** The browser goes there; the address must be the server's own. */
export function goTo(server: Server, { origin, pathname, search }: URL, accept?: string): Promise<Answer> {
  expect(origin).toBe(server.base)
  return server.call('GET', pathname + search, accept === undefined ? {} : { headers: { accept } })
}

export const PAID = { error: 'Driver is not available' }
export const NOT_PAID = {
  error: 'Card payment not completed. Please complete payment before requesting a driver.',
}

/** Whether the trip counts as paid, without touching anything: what is said when a driver is asked who is not online. */
export async function standing({ request, tripId }: Bill, { id }: Pick<Person, 'id'>): Promise<Json> {
  request.send({ action: 'confirm_driver', trip_id: tripId, driver_id: id })
  return request.next()
}

/** A webhook as the gateway itself would send it, signed over exactly these bytes. */
export function signatureOf(
  { gateways: { secrets } }: Till,
  name: GatewayName,
  body: string,
): Record<string, string> {
  switch (name) {
    case 'paystack':
      return {
        'x-paystack-signature': createHmac('sha512', secrets.paystack.secretKey).update(body).digest('hex'),
      }
    case 'flutterwave':
      return { 'verif-hash': secrets.flutterwave.webhookSecret }
    case 'yoco': {
      const [id, at] = [`msg_${randomUUID()}`, Math.floor(Date.now() / 1000)]
      const key = Buffer.from(secrets.yoco.webhookSecret.replace('whsec_', ''), 'base64')
      const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')
      return {
        'webhook-id': id,
        'webhook-timestamp': String(at),
        'webhook-signature': `v1,${signature}`,
      }
    }
  }
}

export const hook = (
  { server }: Till,
  name: GatewayName,
  body: string,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  server.call('POST', `/payment/${name}/webhook/`, {
    raw: body,
    headers: { 'content-type': 'application/json', ...headers },
  })

/** Signed and sent. */
export const tell = (till: Till, name: GatewayName, event: Json): Promise<Answer> => {
  const body = JSON.stringify(event)
  return hook(till, name, body, signatureOf(till, name, body))
}
