import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { nobodyThere, serveFar, type FarServer } from '../../test/far-server.ts'
import type { Point } from '../kernel/index.ts'
import { createRouter } from './create-router.ts'
import { estimateRouter } from './router-estimate.ts'
import { googleService } from './router-google.ts'
import { httpRouter, type Failure } from './router-http.ts'

const KEY = 'AIzaSy-a-key-that-nobody-may-see'
const FROM: Point = { latitude: -26.2041, longitude: 28.0473 }
const TO: Point = { latitude: -26.1076, longitude: 28.0567 }
/** Some 30 metres from FROM. */
const NEXT_DOOR: Point = { latitude: -26.2041, longitude: 28.0476 }

const googles = (route: unknown): string => JSON.stringify({ routes: [route] })
const refusal = (code: number, status: string): string =>
  JSON.stringify({ error: { code, message: `Told about ${KEY}.`, status } })
const saying =
  (status: number, body: string) =>
  (response: ServerResponse): void =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(body)

function open({ baseUrl }: Pick<FarServer, 'baseUrl'>, timeoutMs?: number) {
  const failures: Failure[] = []
  const router = httpRouter(googleService({ apiKey: KEY, url: `${baseUrl}/` }), {
    fallback: estimateRouter,
    onFallback: (failure) => void failures.push(failure),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  })
  return { failures, route: (to: Point = TO) => router.route(FROM, to, 'bakkie') }
}
const estimate = () => estimateRouter.route(FROM, TO, 'bakkie')

describe('googleService', () => {
  it('[RO20] it asks for a drive without traffic, by POST, and for distance and duration alone', async () => {
    const far = await serveFar(saying(200, googles({ distanceMeters: 14_124, duration: '1183.4s' })))
    expect(await open(far).route()).toEqual({
      distanceMeters: 14_124,
      durationSeconds: 1183,
      isEstimated: false,
    })
    const [request] = far.requests
    expect(request).toMatchObject({ method: 'POST', url: '/directions/v2:computeRoutes' })
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-goog-api-key': KEY,
      'x-goog-fieldmask': 'routes.distanceMeters,routes.duration',
    })
    expect(JSON.parse(request?.body ?? '')).toEqual({
      origin: { location: { latLng: { latitude: -26.2041, longitude: 28.0473 } } },
      destination: { location: { latLng: { latitude: -26.1076, longitude: 28.0567 } } },
      travelMode: 'DRIVE',
      routingPreference: 'TRAFFIC_UNAWARE',
      units: 'METRIC',
    })
  })

  it.each([
    ['both left out', {}],
    ['no distance', { duration: '0s' }],
    ['a few metres', { distanceMeters: 4, duration: '1s' }],
  ])('[RO21] next door, %s: the shortest route, which is no estimate', async (_, route) => {
    const { route: ask, failures } = open(await serveFar(saying(200, googles(route))))
    expect(await ask(NEXT_DOOR)).toEqual({ distanceMeters: 10, durationSeconds: 1, isEstimated: false })
    expect(failures).toEqual([])
  })

  const faults: [name: string, failure: Failure, status: number, body: string][] = [
    ['no route', { reason: 'no-route' }, 200, '{}'],
    ['an empty list', { reason: 'no-route' }, 200, '{"routes":[]}'],
    [
      'a key that may not',
      { reason: 'bad-status', detail: '403 PERMISSION_DENIED' },
      403,
      refusal(403, 'PERMISSION_DENIED'),
    ],
    [
      'a key unknown',
      { reason: 'bad-status', detail: '400 INVALID_ARGUMENT' },
      400,
      refusal(400, 'INVALID_ARGUMENT'),
    ],
    [
      'a quota used up',
      { reason: 'bad-status', detail: '429 RESOURCE_EXHAUSTED' },
      429,
      refusal(429, 'RESOURCE_EXHAUSTED'),
    ],
    ['a server error', { reason: 'bad-status', detail: '500' }, 500, '<html>'],
    ['a word that is none of theirs', { reason: 'bad-status', detail: '403' }, 403, refusal(403, KEY)],
    ['not JSON', { reason: 'not-json' }, 200, '<html>'],
    ['JSON of another kind', { reason: 'not-json' }, 200, '[]'],
    ['routes of another kind', { reason: 'nonsense' }, 200, '{"routes":7}'],
    ['a route of another kind', { reason: 'nonsense' }, 200, googles(7)],
    ['no distance over ten kilometres', { reason: 'nonsense' }, 200, googles({ duration: '900s' })],
    ['no duration', { reason: 'nonsense' }, 200, googles({ distanceMeters: 14_000 })],
    ['a negative distance', { reason: 'nonsense' }, 200, googles({ distanceMeters: -1, duration: '900s' })],
    ['a distance as text', { reason: 'nonsense' }, 200, googles({ distanceMeters: '14000', duration: '9s' })],
    [
      'an infinite distance',
      { reason: 'nonsense' },
      200,
      '{"routes":[{"distanceMeters":1e999,"duration":"9s"}]}',
    ],
    [
      'a duration as a number',
      { reason: 'nonsense' },
      200,
      googles({ distanceMeters: 14_000, duration: 900 }),
    ],
    [
      'a negative duration',
      { reason: 'nonsense' },
      200,
      googles({ distanceMeters: 14_000, duration: '-9s' }),
    ],
    [
      'a duration of months',
      { reason: 'nonsense' },
      200,
      googles({ distanceMeters: 14_000, duration: '9999999s' }),
    ],
    [
      'a way shorter than the crow’s',
      { reason: 'nonsense' },
      200,
      googles({ distanceMeters: 9_000, duration: '900s' }),
    ],
  ]
  it.each(faults)('[RO22] %s: the next router', async (_, failure, status, body) => {
    const { route, failures } = open(await serveFar(saying(status, body)))
    expect(await route()).toEqual(await estimate())
    expect(failures).toEqual([failure])
  })

  it('[RO22] silence, an endless body and an empty line: the next router', async () => {
    const silent = open(await serveFar(() => undefined), 100)
    expect(await silent.route()).toEqual(await estimate())

    const endless = open(
      await serveFar((response) => {
        const more = (): void => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
        }
        response.on('drain', more)
        more()
      }),
    )
    expect(await endless.route()).toEqual(await estimate())

    const nobody = open({ baseUrl: await nobodyThere() })
    expect(await nobody.route()).toEqual(await estimate())
    const reasons = [silent, endless, nobody].map(({ failures }) => failures[0]?.reason)
    expect(reasons).toEqual(['timeout', 'too-large', 'unreachable'])
  })
})

describe('createRouter', () => {
  const osrms = '{"code":"Ok","routes":[{"distance":15000,"duration":1000}]}'
  const fine = googles({ distanceMeters: 14_000, duration: '900s' })

  function chain(google: FarServer | undefined, osrm: FarServer | undefined) {
    const lines: unknown[] = []
    const router = createRouter(
      { google: google && { apiKey: KEY, url: google.baseUrl }, osrmUrl: osrm?.baseUrl },
      { warn: (...line: unknown[]) => void lines.push(line) },
    )
    return { lines, route: () => router.route(FROM, TO, 'bakkie') }
  }

  it('[RO23] Google is asked first, then OSRM, then it is estimated', async () => {
    let isGoogleUp = true
    let isOsrmUp = true
    const google = await serveFar((response) =>
      saying(isGoogleUp ? 200 : 403, isGoogleUp ? fine : refusal(403, 'PERMISSION_DENIED'))(response),
    )
    const osrm = await serveFar((response) => saying(isOsrmUp ? 200 : 502, osrms)(response))
    const { route, lines } = chain(google, osrm)

    expect(await route()).toMatchObject({ distanceMeters: 14_000, isEstimated: false })
    expect(osrm.requests).toHaveLength(0)
    isGoogleUp = false
    expect(await route()).toMatchObject({ distanceMeters: 15_000, isEstimated: false })
    isOsrmUp = false
    expect(await route()).toEqual(await estimate())
    expect(lines).toEqual([
      [
        expect.objectContaining({ service: 'Google Routes', detail: '403 PERMISSION_DENIED' }),
        expect.any(String),
      ],
      [expect.objectContaining({ service: 'Google Routes' }), expect.any(String)],
      [expect.objectContaining({ service: 'OSRM', detail: '502' }), expect.any(String)],
    ])
  })

  it('[RO23] with one of them, or none, it works as well', async () => {
    const google = await serveFar(saying(200, fine))
    const osrm = await serveFar(saying(200, osrms))
    expect(await chain(google, undefined).route()).toMatchObject({ distanceMeters: 14_000 })
    expect(await chain(undefined, osrm).route()).toMatchObject({ distanceMeters: 15_000 })
    expect(await chain(undefined, undefined).route()).toEqual(await estimate())
  })

  it('[RO24] while Google rests, OSRM is asked each time; one that rests does not make the other rest', async () => {
    const google = await serveFar(saying(503, ''))
    const osrm = await serveFar(saying(200, osrms))
    const { route } = chain(google, osrm)
    for (let n = 0; n < 6; n++) expect(await route()).toMatchObject({ distanceMeters: 15_000 })
    expect([google.requests.length, osrm.requests.length]).toEqual([3, 6])
  })

  it('[RO25] the key is in one header of a request, never in an address, a body or a log line', async () => {
    const google = await serveFar(saying(403, refusal(403, 'PERMISSION_DENIED')))
    const osrm = await serveFar(saying(200, osrms))
    const { route, lines } = chain(google, osrm)
    await route()
    const [asked] = google.requests
    expect(Object.values(asked?.headers ?? {}).filter((value) => value === KEY)).toHaveLength(1)
    expect(lines).toHaveLength(1)
    expect(JSON.stringify([asked?.url, asked?.body, osrm.requests, lines])).not.toContain(KEY)
  })
})
