import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerCall, parseBody, sendJson, type Desk, type Exchange } from './answer-call.ts'
import { CONTROL_ROUTES } from './control-routes.ts'
import { createControl, type Control } from './control.ts'
import { FaultBook } from './faults.ts'
import { GATEWAY_PARTS } from './gateway-parts.ts'
import { HoldDesk } from './holds.ts'
import { choose, showPage, type PageReply } from './pages.ts'
import { ScriptBook } from './scripts.ts'
import { FAKE_SECRETS, type FlutterwaveSigning, type Secrets } from './signatures.ts'
import { keepState } from './state-file.ts'
import { State } from './state.ts'
import { takeStep } from './steps.ts'
import { Agenda } from './virtual-clock.ts'
import { WebhookDesk, webhookUrlsBelow } from './webhooks.ts'
import { findRoute, GATEWAYS } from './wire.ts'
import type { CustomerAction, Job, World } from './world.ts'

/** How the gateways are started; nothing needs to be said. */
export type FakeGatewaysOptions = {
  /** 0 takes any. */
  readonly port?: number
  readonly mode?: 'test' | 'live'
  readonly clock?: 'real' | 'virtual'
  /** Ids follow from it. */
  readonly seed?: number
  readonly secrets?: Partial<Secrets>
  /** Our server: webhooks go to `<base>/payment/<gateway>/webhook/`. */
  readonly webhookBase?: string
  readonly automaticWebhooks?: boolean
  readonly flutterwaveSigning?: FlutterwaveSigning
  /** Where the books are kept between two lives. */
  readonly stateFile?: string
}

/** Running gateways. */
export type FakeGateways = {
  readonly url: string
  readonly secrets: Secrets
  readonly control: Control
  close(): Promise<void>
}

const MAX_BODY_BYTES = 1024 * 1024

/** Starts the gateways on 127.0.0.1. */
export async function startFakeGateways(options: FakeGatewaysOptions = {}): Promise<FakeGateways> {
  const desk = createDesk(options, () => file?.changed())
  const { world, holds } = desk
  const file = options.stateFile === undefined ? undefined : await keepState(options.stateFile, world)
  const control = createControl(desk)
  const server = createServer((request, response) => {
    void handle(desk, control, request, response)
      .catch((error: unknown) => failOn(response, error))
      .finally(() => file?.changed())
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(options.port ?? 0, '127.0.0.1', listening)
  })
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: world.url,
    secrets: world.secrets,
    control,
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
      holds.release()
      world.webhooks.close()
      await world.webhooks.settled()
      await file?.close()
      world.agenda.stop()
    },
  }
}

function createDesk(options: FakeGatewaysOptions, changed: () => void): Desk {
  const secrets = { ...FAKE_SECRETS, ...options.secrets }
  const agenda = new Agenda<Job>(options.clock ?? 'real', async (job) => {
    if (job.kind === 'webhook') return webhooks.attempt(job)
    takeStep(world, job)
    changed()
    await webhooks.settled()
  })
  const webhooks = new WebhookDesk(
    secrets,
    {
      urls: options.webhookBase === undefined ? {} : webhookUrlsBelow(options.webhookBase),
      isAutomatic: options.automaticWebhooks ?? true,
      signing: options.flutterwaveSigning ?? 'v3',
    },
    (job, seconds) => agenda.add(job, seconds),
  )
  const world: World = {
    isLive: options.mode === 'live',
    secrets,
    state: new State(options.seed ?? 1),
    agenda,
    scripts: new ScriptBook(),
    webhooks,
    url: '',
  }
  return { world, faults: new FaultBook(), holds: new HoldDesk() }
}

async function handle(
  desk: Desk,
  control: Control,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const text = await read(request)
  if (text === undefined) {
    sendJson(response, { status: 413, body: { message: 'Too large' } })
    return
  }
  const exchange = { request, response, url, text }
  const gateway = GATEWAYS.find((name) => url.pathname.startsWith(`${GATEWAY_PARTS[name].basePath}/`))
  if (gateway) await answerCall(desk, gateway, exchange)
  else if (url.pathname.startsWith('/control/')) await answerControl(control, exchange)
  else answerPage(desk.world, exchange)
}

async function answerControl(control: Control, { request, response, url, text }: Exchange): Promise<void> {
  const found = findRoute(CONTROL_ROUTES, request.method, url.pathname)
  if (!found) {
    sendJson(response, { status: 404, body: { message: 'No such control' } })
    return
  }
  const call = {
    params: found.params,
    query: url.searchParams,
    body: parseBody(text) ?? {},
    headers: request.headers,
  }
  try {
    const answer = await found.route.answer(control, call)
    sendJson(response, { status: 200, body: answer ?? {} })
  } catch (error) {
    sendJson(response, { status: 400, body: { message: error instanceof Error ? error.message : 'failed' } })
  }
}

const ACTIONS: readonly CustomerAction[] = ['pay', 'decline', 'cancel']

function answerPage(world: World, { request, response, url, text }: Exchange): void {
  const [, folder, name, token = ''] = url.pathname.split('/')
  const gateway = folder === 'pay' ? GATEWAYS.find((each) => each === name) : undefined
  if (!gateway) return sendJson(response, { status: 404, body: { message: 'Not found' } })
  const action = new URLSearchParams(text).get('action')
  sendPage(
    response,
    request.method === 'POST'
      ? choose(
          world,
          gateway,
          token,
          ACTIONS.find((each) => each === action),
        )
      : showPage(world, gateway, token),
  )
}

function sendPage(response: ServerResponse, page: PageReply): void {
  if ('location' in page) response.writeHead(303, { location: page.location }).end()
  else
    response
      .writeHead(page.status, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
      })
      .end(page.html)
}

/** The body as text; undefined if it is larger than any real one. */
async function read(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function failOn(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : 'failed'
  if (!response.headersSent) sendJson(response, { status: 500, body: { message } })
}
