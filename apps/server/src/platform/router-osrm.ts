import type { Point } from '../kernel/index.ts'
import { failed, isRecord, type RoutingService } from './router-http.ts'

/** An OSRM server, for example at `http://127.0.0.1:5000`; a path is kept. */
export function osrmService(baseUrl: string): RoutingService {
  const base = baseUrl.replace(/\/+$/, '')
  return {
    name: 'OSRM',
    ask: (from, to) => ({
      url: `${base}/route/v1/driving/${positionOf(from)};${positionOf(to)}?overview=false`,
    }),
    read(status, json) {
      // OSRM says 400 with a code when there is no way between two points.
      const isAnswer = isRecord(json) && typeof json['code'] === 'string'
      if (status !== 200 && !(status === 400 && isAnswer)) return failed('bad-status', String(status))
      if (!isAnswer) return failed('not-json')
      if (status === 400 || json['code'] !== 'Ok') return failed('no-route')
      const first: unknown = Array.isArray(json['routes']) ? json['routes'][0] : undefined
      return isRecord(first) ? { meters: first['distance'], seconds: first['duration'] } : failed('nonsense')
    },
  }
}

// toFixed, since small numbers would print as 1e-7; 6 decimals are 11 cm.
const positionOf = ({ latitude, longitude }: Point): string =>
  `${longitude.toFixed(6)},${latitude.toFixed(6)}`
