import type { Point } from '../kernel/index.ts'
import { failed, isRecord, type RoutingService } from './router-http.ts'

export type GoogleOptions = { readonly apiKey: string; readonly url: string }

/**
 * Google Routes. Only what its cheapest tier offers is asked: TWO_WHEELER and traffic are billed higher, and a price
 * that follows the traffic would differ between the quote and its repetition a minute later.
 */
export function googleService({ apiKey, url }: GoogleOptions): RoutingService {
  const base = url.replace(/\/+$/, '')
  return {
    name: 'Google Routes',
    ask: (from, to) => ({
      url: `${base}/directions/v2:computeRoutes`,
      init: {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          // In a header and nowhere else: addresses end up in logs.
          'x-goog-api-key': apiKey,
          'x-goog-fieldmask': 'routes.distanceMeters,routes.duration',
        },
        body: JSON.stringify({
          origin: waypointOf(from),
          destination: waypointOf(to),
          travelMode: 'DRIVE',
          routingPreference: 'TRAFFIC_UNAWARE',
          units: 'METRIC',
        }),
      },
    }),
    read(status, json) {
      if (status !== 200) return failed('bad-status', `${status}${wordOf(json)}`)
      if (!isRecord(json)) return failed('not-json')
      const { routes = [] } = json
      if (!Array.isArray(routes)) return failed('nonsense')
      if (routes.length === 0) return failed('no-route')
      const first: unknown = routes[0]
      if (!isRecord(first)) return failed('nonsense')
      // What is zero is left out.
      const { distanceMeters = 0, duration = '0s' } = first
      return { meters: distanceMeters, seconds: secondsOf(duration) }
    },
  }
}

const waypointOf = ({ latitude, longitude }: Point) => ({ location: { latLng: { latitude, longitude } } })

const secondsOf = (duration: unknown): number | undefined =>
  typeof duration === 'string' && /^\d{1,12}(\.\d{1,9})?s$/.test(duration)
    ? Number(duration.slice(0, -1))
    : undefined

/** ` PERMISSION_DENIED` of an error's body: its status, since its message is free text. */
function wordOf(json: unknown): string {
  const error = isRecord(json) ? json['error'] : undefined
  const word = isRecord(error) ? error['status'] : undefined
  return typeof word === 'string' && /^[A-Z_]{1,40}$/.test(word) ? ` ${word}` : ''
}
