import type { VehicleClass } from '@toota/contract'
import { bearingDegrees, DETOUR, distanceMeters, driveSeconds, type Point } from '../../../kernel/index.ts'

/** What is known of where a driver is; the phone need not say which way and how fast he drives. */
export type Whereabouts = Point & {
  readonly vehicleClass: VehicleClass
  /** Since the fix. */
  readonly ageSeconds: number
  readonly headingDegrees?: number | undefined
  readonly speedMps?: number | undefined
}

/** One-way streets and blocks weigh most on short ways: the factor is this below 1 km, and the usual one from 5 km on. */
const SHORT_DETOUR = 1.5
const [SHORT_METERS, LONG_METERS] = [1_000, 5_000]
/** He may have gone on either way meanwhile: the mean of nothing and all of it. */
const SECONDS_PER_SECOND_OF_AGE = 0.5
/** Slower, the heading is the receiver's noise. */
const MOVING_MPS = 2
/** Nearer, it says nothing about the way he will take. */
const HEADING_MATTERS_METERS = 100
/** He need not set off. */
const TOWARDS_SECONDS = -20
/** He must turn round. */
const AWAY_SECONDS = 60

/** Seconds until he would be at the pickup: the road by estimate, and what the fix says of his way there. At least 0. */
export function arrivalSeconds(driver: Whereabouts, pickup: Point): number {
  const meters = distanceMeters(driver, pickup)
  const road = driveSeconds(meters * detourOf(meters), driver.vehicleClass)
  const age = Math.max(driver.ageSeconds, 0) * SECONDS_PER_SECOND_OF_AGE
  return Math.max(road + age + headingSeconds(driver, pickup, meters), 0)
}

/** Whoever would be there first comes first; of equals, the one who was given first. */
export function rankByArrival<Driver extends Whereabouts>(
  drivers: readonly Driver[],
  pickup: Point,
): (Driver & { readonly arrivalSeconds: number })[] {
  return drivers
    .map((driver) => ({ ...driver, arrivalSeconds: arrivalSeconds(driver, pickup) }))
    .sort((a, b) => a.arrivalSeconds - b.arrivalSeconds)
}

function detourOf(meters: number): number {
  const share = Math.min(Math.max((meters - SHORT_METERS) / (LONG_METERS - SHORT_METERS), 0), 1)
  return SHORT_DETOUR + (DETOUR - SHORT_DETOUR) * share
}

/** From {@link TOWARDS_SECONDS} straight there to {@link AWAY_SECONDS} straight away; 0 for who stands or does not say. */
function headingSeconds(
  driver: Pick<Whereabouts, 'latitude' | 'longitude' | 'headingDegrees' | 'speedMps'>,
  pickup: Point,
  meters: number,
): number {
  const { headingDegrees, speedMps } = driver
  if (headingDegrees === undefined || speedMps === undefined) return 0
  if (speedMps < MOVING_MPS || meters < HEADING_MATTERS_METERS) return 0
  const off = ((headingDegrees - bearingDegrees(driver, pickup)) * Math.PI) / 180
  const away = (1 - Math.cos(off)) / 2
  return TOWARDS_SECONDS + (AWAY_SECONDS - TOWARDS_SECONDS) * away
}
