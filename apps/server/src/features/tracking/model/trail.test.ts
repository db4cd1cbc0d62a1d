import { describe, expect, it } from 'vitest'
import { newId, type DriverId, type TripId } from '../../../kernel/index.ts'
import { isWorthKeeping, lengthMeters, thinTo, toTrailPoint, withTrips, type Span } from './trail.ts'

const START = 1_700_000_000_000
const PLACE = { latitude: -26.2, longitude: 28.04 }
const [DRIVER, OTHER] = [newId<DriverId>(), newId<DriverId>()]
const north = (meters: number) => ({ ...PLACE, latitude: PLACE.latitude + meters / 111_195 })

const span = (from: number, until: number | null, driverId = DRIVER): Span => ({
  tripId: newId<TripId>(),
  driverId,
  requestedOn: '2026-11-25',
  acceptedAt: new Date(START + from * 1000),
  endedAt: until === null ? null : new Date(START + until * 1000),
})
const point = (taken: number, tripId?: TripId, received = taken) =>
  toTrailPoint({ driverId: DRIVER, tripId }, PLACE, {
    takenAt: START + taken * 1000,
    receivedAt: START + received * 1000,
  })
const owners = (points: ReturnType<typeof point>[], spans: Span[]) =>
  withTrips(points, spans).map(({ tripId, takenAt }) => [tripId, (takenAt - START) / 1000])

describe('the trail', () => {
  it('[LO25] has only what was between the accept and the end, of the driver himself', () => {
    const [first, second] = [span(0, 100), span(200, null)]
    const times = [-1, 0, 100, 101, 199, 200, 9000].map((each) => point(each))
    expect(owners(times, [first, second, span(-100, null, OTHER)])).toEqual([
      [first.tripId, 0],
      [first.tripId, 100],
      [second.tripId, 200],
      [second.tripId, 9000],
    ])
    expect(owners(times, [])).toEqual([])
  })

  it('[LO25] takes the word of the process for the trip, but not for its end or its driver', () => {
    const mine = span(0, 100)
    // By a phone's clock that is behind.
    expect(owners([point(-7200, mine.tripId, 50)], [mine])).toEqual([[mine.tripId, -7200]])
    expect(owners([point(101, mine.tripId)], [mine])).toEqual([])
    expect(owners([point(50, mine.tripId)], [{ ...mine, driverId: OTHER }])).toEqual([])
    expect(owners([point(50, newId<TripId>())], [mine])).toEqual([])
  })

  it('[LO28] keeps one point a minute of who stands still, by how exact his readings are', () => {
    const last = point(0)
    const isKept = (meters: number, seconds: number, accuracyMeters?: number) =>
      isWorthKeeping(last, { ...north(meters), accuracyMeters }, START + seconds * 1000)
    expect(isWorthKeeping(undefined, PLACE, START)).toBe(true)
    expect([isKept(49, 59), isKept(51, 59), isKept(0, 60), isKept(0, -60)]).toEqual([false, true, true, true])
    expect([isKept(90, 5, 100), isKept(110, 5, 100), isKept(199, 5, 400), isKept(201, 5, 400)]).toEqual([
      false,
      true,
      false,
      true,
    ])
  })

  it('[LO26] knows a reading again by its number, or by the time that the phone gave it', () => {
    const times = { takenAt: START, receivedAt: START + 5 }
    const numbered = { ...PLACE, session: 'a', n: 7, deviceAt: START + 1 }
    const of = { driverId: DRIVER, tripId: undefined }
    expect(toTrailPoint(of, numbered, times)).toMatchObject({ session: 'a', n: 7 })
    expect(toTrailPoint(of, { ...numbered, session: undefined }, times)).toMatchObject({
      session: '',
      n: START + 1,
    })
    expect(toTrailPoint(of, PLACE, times)).toMatchObject({ session: '', n: START + 5 })
  })

  it('[LO29] is as long as the way along its points, and is shown evenly', () => {
    expect(lengthMeters([])).toBe(0)
    expect(lengthMeters([north(0), north(1000), north(500)])).toBe(1500)
    expect(thinTo([1, 2, 3], 3)).toEqual([1, 2, 3])
    expect(thinTo([0, 1, 2, 3, 4, 5, 6, 7, 8], 3)).toEqual([0, 4, 8])
  })
})
