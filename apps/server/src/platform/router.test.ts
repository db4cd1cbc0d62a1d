import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { VEHICLE_CLASSES } from '@toota/contract'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { Point } from '../kernel/index.ts'
import { estimateRouter } from './router-estimate.ts'
import { httpRouter, type FallbackReason } from './router-http.ts'
import { osrmService } from './router-osrm.ts'
import type { Router } from './router.ts'

const FROM: Point = { latitude: -26.2041, longitude: 28.0473 }
const TO: Point = { latitude: -26.1076, longitude: 28.0567 }
const ok = (distance: unknown, duration: unknown = 900): string =>
  JSON.stringify({ code: 'Ok', routes: [{ distance, duration, weight: 1, legs: [] }], waypoints: [] })

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function serve(
  answer: (response: ServerResponse) => void,
): Promise<{ baseUrl: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

type Opened = { router: Router; reasons: FallbackReason[] }

function open(baseUrl: string, options: { timeoutMs?: number; now?: () => number } = {}): Opened {
  const reasons: FallbackReason[] = []
  const onFallback = ({ reason }: { reason: FallbackReason }): void => void reasons.push(reason)
  const router = httpRouter(osrmService(baseUrl), { fallback: estimateRouter, onFallback, ...options })
  return { router, reasons }
}

const estimate = () => estimateRouter.route(FROM, TO, 'bakkie')

describe('estimateRouter', () => {
  it.each([
    ['motorbike', 1301],
    ['bakkie', 1487],
    ['truck-1t', 1487],
    ['truck-1.5t', 1487],
    ['truck-2t', 1487],
    ['truck-4t', 1735],
    ['truck-8t', 1735],
  ] as const)('[RO1] a %s takes great circle × 1.3 at its speed', async (vehicleClass, durationSeconds) => {
    // A tenth of a degree: 11,119.5 m as the crow flies.
    const route = await estimateRouter.route(FROM, { latitude: -26.1041, longitude: 28.0473 }, vehicleClass)
    expect(route).toEqual({ distanceMeters: 14_455, durationSeconds, isEstimated: true })
  })

  it('[RO2] it is never nothing, from anywhere to anywhere', async () => {
    const point = fc.record({
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    })
    await fc.assert(
      fc.asyncProperty(
        point,
        point,
        fc.constantFrom(...VEHICLE_CLASSES),
        fc.boolean(),
        async (a, b, name, isSame) => {
          const route = await estimateRouter.route(a, isSame ? a : b, name)
          expect(Number.isInteger(route.distanceMeters) && route.distanceMeters >= 1).toBe(true)
          expect(Number.isInteger(route.durationSeconds) && route.durationSeconds >= 1).toBe(true)
        },
      ),
    )
  })
})

describe('osrmService', () => {
  it('[RO3] it asks for longitude,latitude pairs and answers in whole metres and seconds', async () => {
    const { baseUrl, asked } = await serve((response) => response.end(ok(14_123.6, 1183.4)))
    const { router, reasons } = open(`${baseUrl}/osrm/`)
    expect(await router.route(FROM, { latitude: 0.0000001, longitude: 28 }, 'bakkie')).toMatchObject({
      isEstimated: true,
    })
    expect(await router.route(FROM, TO, 'bakkie')).toEqual({
      distanceMeters: 14_124,
      durationSeconds: 1183,
      isEstimated: false,
    })
    expect(asked).toEqual([
      '/osrm/route/v1/driving/28.047300,-26.204100;28.000000,0.000000?overview=false',
      '/osrm/route/v1/driving/28.047300,-26.204100;28.056700,-26.107600?overview=false',
    ])
    expect(reasons).toEqual(['nonsense'])
  })

  const status =
    (code: number, body: string, headers: Record<string, string> = {}) =>
    (response: ServerResponse) => {
      response.writeHead(code, headers).end(body)
    }
  const faults: [name: string, reason: FallbackReason, answer: (response: ServerResponse) => void][] = [
    ['a server error', 'bad-status', status(500, ok(14_000))],
    ['a refusal without its JSON', 'bad-status', status(400, 'bad request')],
    ['an HTML page', 'not-json', status(200, '<html>')],
    ['JSON of another kind', 'not-json', status(200, '[]')],
    ['an empty body', 'not-json', status(200, '')],
    ['no route, as OSRM says it', 'no-route', status(400, '{"code":"NoRoute","message":"Impossible route"}')],
    [
      'another code',
      'no-route',
      status(200, '{"code":"NoSegment","routes":[{"distance":14000,"duration":900}]}'),
    ],
    ['no routes', 'nonsense', status(200, '{"code":"Ok","routes":[]}')],
    ['a distance of zero', 'nonsense', status(200, ok(0))],
    ['a negative distance', 'nonsense', status(200, ok(-14_000))],
    ['a distance that is no number', 'nonsense', status(200, ok(null))],
    ['a distance as text', 'nonsense', status(200, ok('14000'))],
    ['an infinite distance', 'nonsense', status(200, ok(14_000).replace('14000', '1e999'))],
    ['a duration of zero', 'nonsense', status(200, ok(14_000, 0))],
    ['a duration of months', 'nonsense', status(200, ok(14_000, 1e7))],
    ['a way shorter than the crow’s', 'nonsense', status(200, ok(9_000))],
    ['a way round the continent', 'nonsense', status(200, ok(1_000_001))],
    ['a connection cut', 'unreachable', (response) => response.destroy()],
    [
      'a body cut',
      'unreachable',
      (response) => {
        response.writeHead(200, { 'content-length': '500' }).write('{"code"')
        setImmediate(() => response.destroy())
      },
    ],
  ]
  it.each(faults)('[RO4] %s: the estimate, because of %s', async (_, reason, answer) => {
    const { baseUrl } = await serve(answer)
    const { router, reasons } = open(baseUrl)
    expect(await router.route(FROM, TO, 'bakkie')).toEqual(await estimate())
    expect(reasons).toEqual([reason])
  })

  it('[RO4] a long way round is believed while it is under 1,000 km, a cut corner within a tenth', async () => {
    for (const meters of [999_999, 9_800]) {
      const { baseUrl } = await serve((response) => response.end(ok(meters)))
      expect((await open(baseUrl).router.route(FROM, TO, 'bakkie')).distanceMeters).toBe(meters)
    }
  })

  it('[RO4] nobody there: the estimate', async () => {
    const { baseUrl } = await serve(() => undefined)
    await new Promise((resolve) => servers.pop()?.close(resolve))
    const { router, reasons } = open(baseUrl)
    expect(await router.route(FROM, TO, 'bakkie')).toEqual(await estimate())
    expect(reasons).toEqual(['unreachable'])
  })

  it('[RO4] silence, at once or after the headers, ends at the time limit', async () => {
    for (const answer of [
      () => undefined,
      (response: ServerResponse) => void response.writeHead(200).write('{'),
    ]) {
      const { baseUrl } = await serve(answer)
      const { router, reasons } = open(baseUrl, { timeoutMs: 100 })
      expect(await router.route(FROM, TO, 'bakkie')).toEqual(await estimate())
      expect(reasons).toEqual(['timeout'])
    }
  })

  it('[RO5] an endless body is left after a megabyte', async () => {
    let isClosed = false
    const { baseUrl } = await serve((response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.on('drain', more).on('close', () => (isClosed = true))
      more()
    })
    const { router, reasons } = open(baseUrl)
    expect(await router.route(FROM, TO, 'bakkie')).toEqual(await estimate())
    expect(reasons).toEqual(['too-large'])
    await expect.poll(() => isClosed).toBe(true)
  })

  it('[RO5] a redirect is not followed', async () => {
    const other = await serve((response) => response.end(ok(14_000)))
    const { baseUrl } = await serve(status(302, '', { location: other.baseUrl }))
    const { router, reasons } = open(baseUrl)
    expect((await router.route(FROM, TO, 'bakkie')).isEstimated).toBe(true)
    expect([reasons, other.asked]).toEqual([['bad-status'], []])
  })
})

describe('a dead service', () => {
  it('[RO6] is left alone for 30 seconds after 3 failures in a row, then asked by one request', async () => {
    let isDead = true
    let now = 0
    const { baseUrl, asked } = await serve((response) =>
      response.writeHead(isDead ? 503 : 200).end(ok(14_000)),
    )
    const { router, reasons } = open(baseUrl, { now: () => now })
    const ask = () => router.route(FROM, TO, 'bakkie')

    for (let n = 0; n < 4; n++) await ask()
    expect([asked.length, reasons.at(-1)]).toEqual([3, 'resting'])
    now = 30_000
    await Promise.all([ask(), ask()])
    expect(asked).toHaveLength(4)
    now = 59_999
    await ask()
    expect(asked).toHaveLength(4)

    isDead = false
    now = 60_000
    expect((await ask()).isEstimated).toBe(false)
    expect((await ask()).isEstimated).toBe(false)
    expect(asked).toHaveLength(6)
  })

  it('[RO6] is not what "no route between these two" means', async () => {
    const { baseUrl, asked } = await serve((response) => response.writeHead(400).end('{"code":"NoRoute"}'))
    const { router } = open(baseUrl)
    for (let n = 0; n < 5; n++) await router.route(FROM, TO, 'bakkie')
    expect(asked).toHaveLength(5)
  })
})
