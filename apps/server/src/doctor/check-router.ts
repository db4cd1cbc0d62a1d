import type { Market } from '@toota/contract'
import type { Config } from '../config.ts'
import type { Point } from '../kernel/index.ts'
import { routingServices } from '../platform/create-router.ts'
import { askOnce, type Failure, type RoutingService } from '../platform/router-http.ts'
import { findingsOf, type Finding } from './finding.ts'

const { ok, warn, fail } = findingsOf('router')
const SLOW_MS = 2_000

/** A drive that everybody there knows. */
const DRIVES: Readonly<Record<Market, readonly [from: Point, to: Point, name: string]>> = {
  ZA: [
    { latitude: -26.2041, longitude: 28.0473 },
    { latitude: -26.1076, longitude: 28.0567 },
    'Johannesburg to Sandton',
  ],
  NG: [
    { latitude: 6.455, longitude: 3.3841 },
    { latitude: 6.6018, longitude: 3.3515 },
    'Lagos Island to Ikeja',
  ],
  KE: [
    { latitude: -1.2864, longitude: 36.8172 },
    { latitude: -1.3192, longitude: 36.9275 },
    'Nairobi to its airport',
  ],
  GH: [{ latitude: 5.56, longitude: -0.205 }, { latitude: 5.6698, longitude: -0.0166 }, 'Accra to Tema'],
}

/** Asks each service that is set for one route in the default market. */
export async function checkRouter({
  routing,
  settings,
}: Pick<Config, 'routing' | 'settings'>): Promise<Finding[]> {
  const services = routingServices(routing)
  if (services.length > 0)
    return Promise.all(services.map((service) => checkService(service, settings.defaultMarket)))
  const says = 'none is set: distances are estimated'
  return [
    settings.isDebug ? ok(says) : warn(says, 'set GOOGLE_MAPS_API_KEY or OSRM_URL for distances by road'),
  ]
}

async function checkService(service: RoutingService, market: Market): Promise<Finding> {
  const [from, to, drive] = DRIVES[market]
  const startedAt = performance.now()
  const answer = await askOnce(service, from, to)
  const tookMs = Math.round(performance.now() - startedAt)
  if ('reason' in answer) return fail(`${service.name}: ${wordsOf(answer, drive)}`, mendOf(service, answer))

  const kilometers = (answer.distanceMeters / 1000).toFixed(1)
  const minutes = Math.round(answer.durationSeconds / 60)
  const says = `${service.name}: ${drive} is ${kilometers} km, ${minutes} min; answered in ${tookMs} ms`
  return tookMs <= SLOW_MS ? ok(says) : warn(says, 'customers wait for it; is it near, and not overloaded?')
}

function wordsOf({ reason, detail }: Failure, drive: string): string {
  const because = detail === undefined ? reason : `${reason} ${detail}`
  return `no route from ${drive} (${because}); the next router is used instead`
}

function mendOf({ name }: RoutingService, { reason }: Failure): string {
  if (reason === 'no-route') return `does the map of ${name} cover DEFAULT_MARKET?`
  return name === 'OSRM'
    ? 'correct OSRM_URL, or start that server'
    : 'is GOOGLE_MAPS_API_KEY right, Routes API enabled for its project, billing on, and this machine allowed to use it?'
}
