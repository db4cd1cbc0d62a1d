export { EARTH_RADIUS_METERS, toMeters, toVector } from './cells.ts'
export { createSphereIndex, insert, isIndexed, move, remove, type SphereIndex } from './quadtree.ts'
export { createSearch, searchNearest, startSearch, whoIsAt, type Search } from './search.ts'
