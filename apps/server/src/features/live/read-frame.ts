import { ClientFrame, type CloseCode, type Loc } from '@toota/contract'
import { z } from 'zod'
import type { Frame } from '../../platform/socket/index.ts'

/** The frame as the protocol knows it, or why the socket must close or complain. */
export function readFrame(frame: Frame): ClientFrame | CloseCode | 'malformed' {
  if ('binary' in frame) return 1003
  let value: unknown
  try {
    value = JSON.parse(frame.text)
  } catch {
    return 'malformed'
  }
  if (isLoc(value)) return value
  if (isHello(value) && value.v !== 1) return 4506
  const parsed = ClientFrame.safeParse(value)
  return parsed.success ? parsed.data : 'malformed'
}

const isHello = (value: unknown): value is { t: 'hello'; v?: unknown } =>
  typeof value === 'object' && value !== null && 't' in value && value.t === 'hello'

const isWithin = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && value >= least && value <= most

const INSTANT = z.regexes.datetime({ offset: true })

/** What a fix may have beside its place; the schema's own limits. */
const DETAILS: Readonly<Record<string, (value: unknown) => boolean>> = {
  n: (value) => Number.isSafeInteger(value) && isWithin(value, 0, Infinity),
  // PostgreSQL has no NUL, and one point would hold up a whole batch of trails.
  s: (value) => typeof value === 'string' && isWithin(value.length, 1, 64) && !value.includes('\0'),
  at: (value) => typeof value === 'string' && INSTANT.test(value),
  accuracyMeters: (value) => isWithin(value, 0, 100_000),
  headingDegrees: (value) => isWithin(value, 0, 360),
  speedMps: (value) => isWithin(value, 0, 200),
}

/**
 * A valid fix, seen by hand: thousands come each second, and the schema costs more than everything else about them. A
 * test compares the two.
 */
export function isLoc(value: unknown): value is Loc {
  if (typeof value !== 'object' || value === null) return false
  const frame = value as Readonly<Record<string, unknown>>
  if (frame['t'] !== 'loc') return false
  if (!isWithin(frame['latitude'], -90, 90) || !isWithin(frame['longitude'], -180, 180)) return false
  for (const key of Object.keys(frame)) {
    if (key === 't' || key === 'latitude' || key === 'longitude') continue
    if (!Object.hasOwn(DETAILS, key) || !DETAILS[key]?.(frame[key])) return false
  }
  return true
}
