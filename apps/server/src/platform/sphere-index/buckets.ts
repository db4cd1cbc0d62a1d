/** Entries of a bucket. */
export const BUCKET = 16
/** Numbers of an entry's reading: x, y and z on the unit sphere, and the time of the fix in ms since 1970. */
export const READING = 4
/** Numbers that lead a bucket's links before those of its entries: its leaf, and the next bucket. */
const LEAF = 0
const NEXT = 1
export const LEAD = 2
const LINKS = LEAD + BUCKET
/** Buckets of a page; the first page starts smaller. */
const PAGE = 1024
const PAGE_BITS = 10
const FIRST_BUCKETS = 16
export const NONE = -1

/**
 * Room for entries, handed out in buckets. It grows by pages, so that growing neither copies what is there nor doubles
 * it, and a search reads entries that lie one after the other. A freed bucket is used again; a page is never given back.
 */
export type Buckets = {
  readonly readings: Float64Array[]
  /** Of each bucket its leaf, the next bucket (of the leaf, or of those that are free), and whose the entries are. */
  readonly links: Int32Array[]
  room: number
  used: number
  free: number
}

export function createBuckets(): Buckets {
  return {
    readings: [new Float64Array(FIRST_BUCKETS * BUCKET * READING)],
    links: [new Int32Array(FIRST_BUCKETS * LINKS)],
    room: FIRST_BUCKETS,
    used: 0,
    free: NONE,
  }
}

export const readingsOf = (buckets: Buckets, bucket: number): Float64Array =>
  buckets.readings[bucket >> PAGE_BITS] as Float64Array
export const linksOf = (buckets: Buckets, bucket: number): Int32Array =>
  buckets.links[bucket >> PAGE_BITS] as Int32Array
/** Where the bucket begins in its page. */
export const readingsStart = (bucket: number): number => (bucket & (PAGE - 1)) * (BUCKET * READING)
export const linksStart = (bucket: number): number => (bucket & (PAGE - 1)) * LINKS

export const leafOf = (buckets: Buckets, bucket: number): number =>
  linksOf(buckets, bucket)[linksStart(bucket) + LEAF] as number
export const nextOf = (buckets: Buckets, bucket: number): number =>
  linksOf(buckets, bucket)[linksStart(bucket) + NEXT] as number

/** The number of the driver whose entry is in that slot. */
export const whoIn = (buckets: Buckets, bucket: number, slot: number): number =>
  linksOf(buckets, bucket)[linksStart(bucket) + LEAD + slot] as number

export function takeBucket(buckets: Buckets, leaf: number, next: number): number {
  let bucket = buckets.free
  if (bucket === NONE) {
    if (buckets.used === buckets.room) grow(buckets)
    bucket = buckets.used++
  } else buckets.free = nextOf(buckets, bucket)
  const links = linksOf(buckets, bucket)
  links[linksStart(bucket) + LEAF] = leaf
  links[linksStart(bucket) + NEXT] = next
  return bucket
}

export function freeBucket(buckets: Buckets, bucket: number): void {
  linksOf(buckets, bucket)[linksStart(bucket) + NEXT] = buckets.free
  buckets.free = bucket
}

function grow(buckets: Buckets): void {
  const { readings, links, room } = buckets
  if (room < PAGE) {
    buckets.room = room * 2
    readings[0] = enlarge(new Float64Array(buckets.room * BUCKET * READING), readings[0])
    links[0] = enlarge(new Int32Array(buckets.room * LINKS), links[0])
  } else {
    buckets.room = room + PAGE
    readings.push(new Float64Array(PAGE * BUCKET * READING))
    links.push(new Int32Array(PAGE * LINKS))
  }
}

/** `larger`, beginning with what `smaller` holds. */
export function enlarge<T extends Float64Array | Int32Array>(larger: T, smaller: T | undefined): T {
  if (smaller) larger.set(smaller)
  return larger
}
