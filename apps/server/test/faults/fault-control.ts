import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import type { FaultProxy } from './fault-proxy.ts'

const ms = z.number().min(0)
const count = z.number().int().positive()
const direction = z.enum(['upstream', 'downstream'])

/** A fault as scripts send it. */
const FaultBody = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('latency'), direction, ms, jitterMs: ms.optional() }),
  z.strictObject({ type: z.literal('bandwidth'), direction, bytesPerSecond: count }),
  z.strictObject({ type: z.literal('slow_close'), direction, ms }),
  z.strictObject({ type: z.literal('timeout'), direction, ms }),
  z.strictObject({ type: z.literal('reset_peer'), direction, ms }),
  z.strictObject({ type: z.literal('slicer'), direction, bytes: count, delayMs: ms.optional() }),
  z.strictObject({ type: z.literal('limit_data'), direction, bytes: count }),
  z.strictObject({ type: z.literal('cut_after'), direction, text: z.string().min(1) }),
])

class BadRequest extends Error {}

/**
 * Proxies by their names, for scripts. `GET /` says how they are; `POST /<name>/faults` begins a fault and `DELETE` at
 * `/<name>/faults/<id>` ends it; `POST /<name>/<cut|down|up|heal>` does that.
 */
export async function startFaultControl(proxies: ReadonlyMap<string, FaultProxy>, port = 0) {
  const endings = new Map<string, () => void>()
  let count = 0

  const stateOf = (): unknown =>
    Object.fromEntries(
      [...proxies].map(([name, proxy]) => [
        name,
        { port: proxy.port, lines: proxy.lines().length, faults: proxy.faults() },
      ]),
    )
  const proxyNamed = (name: string): FaultProxy => {
    const proxy = proxies.get(name)
    if (!proxy) throw new BadRequest(`no proxy ${name}; there are ${[...proxies.keys()].join(', ')}`)
    return proxy
  }
  const begin = async (name: string, request: IncomingMessage): Promise<unknown> => {
    const parsed = FaultBody.safeParse(await readJson(request))
    if (!parsed.success) throw new BadRequest(z.prettifyError(parsed.error))
    const { direction, ...toxic } = parsed.data
    const id = `${name}-${++count}`
    endings.set(id, proxyNamed(name).add(direction, toxic))
    return { id }
  }
  const end = (id: string): unknown => {
    const ending = endings.get(id)
    if (!ending) throw new BadRequest(`no fault ${id}`)
    ending()
    endings.delete(id)
    return {}
  }

  const answer = async (request: IncomingMessage): Promise<unknown> => {
    const [name = '', what, id = ''] = (request.url ?? '/').slice(1).split('/')
    if (request.method === 'GET' && name === '') return stateOf()
    if (request.method === 'DELETE' && what === 'faults') return end(id)
    if (request.method !== 'POST') throw new BadRequest('see fault-control.ts for what there is')
    if (what === 'faults') return begin(name, request)
    if (what !== 'cut' && what !== 'down' && what !== 'up' && what !== 'heal')
      throw new BadRequest('a proxy takes faults, cut, down, up and heal')
    await proxyNamed(name)[what]()
    return {}
  }

  const server = createServer((request, response) => {
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    answer(request).then(
      (body) => send(200, body),
      (error: unknown) => send(error instanceof BadRequest ? 400 : 500, { error: (error as Error).message }),
    )
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const data of request) text += String(data)
  try {
    return JSON.parse(text)
  } catch {
    throw new BadRequest('the body is no JSON')
  }
}
