import type { Point } from '../apps/server/src/kernel/index.ts'

/** How drivers are spread: a city, or a country of cities and roads. */
export type Layout = 'city' | 'country'

/** Johannesburg, Cape Town, Durban, Pretoria and Gqeberha, with their shares of the drivers. */
const CITIES = [
  { latitude: -26.2, longitude: 28.04, share: 0.35 },
  { latitude: -33.95, longitude: 18.5, share: 0.55 },
  { latitude: -29.85, longitude: 30.95, share: 0.7 },
  { latitude: -25.75, longitude: 28.2, share: 0.8 },
  { latitude: -33.9, longitude: 25.55, share: 0.85 },
] as const
const [JOHANNESBURG] = CITIES

/** Denser towards the centre, some 60 km across; in a country one in seven is anywhere in it. */
export function placeIn(layout: Layout, random: () => number): Point {
  if (layout === 'city') return around(JOHANNESBURG, random)
  const draw = random()
  const city = CITIES.find(({ share }) => draw < share)
  return city ? around(city, random) : { latitude: -34 + random() * 11, longitude: 18 + random() * 14 }
}

function around({ latitude, longitude }: Point, random: () => number): Point {
  const spread = (): number => ((random() + random() + random()) / 3 - 0.5) * 0.6
  return { latitude: latitude + spread(), longitude: longitude + spread() }
}

/** mulberry32: the same city in every run. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
