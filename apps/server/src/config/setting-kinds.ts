import { isIP } from 'node:net'
import { MARKETS, type Market } from '@toota/contract'
import { z } from 'zod'
import { parseRedisUrl, type RedisTarget } from '../platform/redis/redis-target.ts'
import type { Rate } from '../platform/throttle.ts'

/** How a setting's text is read: `parse` answers undefined for a text that `is not ${expected}`. */
export type Kind<T> = { readonly expected: string; readonly parse: (text: string) => T | undefined }

export type About = {
  readonly type: string
  readonly description: string
  readonly default?: string
  /** Its value must not appear in a message or log. */
  readonly isSecret?: boolean
}

type Words = Omit<About, 'type' | 'default'>

/** A setting that may stay unset; its description says what that means. */
export function optional<T>(kind: Kind<T>, words: Words) {
  return z
    .string()
    .transform(reader(kind))
    .optional()
    .meta({ type: kind.expected, ...words })
}

export function withDefault<T>(kind: Kind<T>, value: string, words: Words) {
  return z
    .string()
    .default(value)
    .transform(reader(kind))
    .meta({ type: kind.expected, default: value, ...words })
}

function reader<T>({ expected, parse }: Kind<T>) {
  return (text: string, context: z.core.$RefinementCtx): T => {
    const value = parse(text)
    if (value !== undefined) return value
    context.issues.push({ code: 'custom', message: `is not ${expected}`, input: text })
    return z.NEVER
  }
}

export const text: Kind<string> = {
  expected: 'text on one line',
  // Control characters would let a value break out of a mail header or a log line.
  parse: (value) => (/\p{Cc}/u.test(value) ? undefined : value),
}

export const folder: Kind<string> = { ...text, expected: 'a folder' }

export function wholeNumber(min: number, max: number): Kind<number> {
  return {
    expected: `a whole number between ${min} and ${max}`,
    parse: (value) => (/^\d{1,9}$/.test(value.trim()) ? within(Number(value), min, max) : undefined),
  }
}

export function seconds(max: number): Kind<number> {
  return {
    expected: `a number of seconds above 0 and up to ${max}`,
    // A millisecond is the least that the database's clock and a timer can keep apart.
    parse: (value) =>
      /^\d{1,9}(\.\d{1,9})?$/.test(value.trim()) ? within(Number(value), 0.001, max) : undefined,
  }
}

export const rate: Kind<Rate> = {
  expected: 'a count per seconds like 120/60',
  parse: (value) => {
    const [, count, per] = /^(\d{1,7})\/(\d{1,6})$/.exec(value.trim()) ?? []
    const parsed = { count: Number(count), seconds: Number(per) }
    return parsed.count > 0 && parsed.seconds > 0 ? parsed : undefined
  },
}

export function oneOf<const T extends string>(...words: readonly T[]): Kind<T> {
  return {
    expected: `one of ${words.join(', ')}`,
    parse: (value) => words.find((word) => word.toLowerCase() === value.trim().toLowerCase()),
  }
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  ...{ true: true, yes: true, on: true, '1': true },
  ...{ false: false, no: false, off: false, '0': false },
}

export const boolean: Kind<boolean> = {
  expected: 'true or false',
  parse: (value) => {
    const word = value.trim().toLowerCase()
    return Object.hasOwn(BOOLEANS, word) ? BOOLEANS[word] : undefined
  },
}

export const host: Kind<string> = {
  expected: 'a host name or IP address',
  parse: (value) => {
    const name = value.trim()
    return isIP(name) || /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(name) ? name : undefined
  },
}

export const databaseUrl: Kind<string> = {
  expected: 'a URL like postgresql://user:password@host:5432/name, with special characters percent-encoded',
  parse: (value) => {
    const url = parseUrl(value)
    return url && /^postgres(ql)?:$/.test(url.protocol) && url.hostname && url.pathname.length > 1
      ? value.trim()
      : undefined
  },
}

export const redisUrl: Kind<RedisTarget> = {
  expected:
    'a URL like redis://user:password@host:6379, rediss://… for TLS, redis+sentinel://host,host/master-name or redis+cluster://host,host',
  parse: parseRedisUrl,
}

export const webUrl: Kind<string> = {
  expected: 'a URL that starts with http:// or https://',
  parse: (value) => (isWeb(parseUrl(value)) ? value.trim() : undefined),
}

export const origins: Kind<readonly string[]> = {
  expected: 'a comma-separated list of origins like https://app.example.com',
  parse: (value) => {
    const list = value.split(',').map((item) => item.trim().replace(/\/$/, '').toLowerCase())
    const areAllOrigins = list.every((item) => {
      const url = parseUrl(item)
      return isWeb(url) && url?.origin === item
    })
    return areAllOrigins ? list : undefined
  },
}

export const sender: Kind<string> = {
  expected: 'an e-mail address like trips@example.com or Toota <trips@example.com>',
  parse: (value) =>
    /^([^<>\p{Cc}]*<[^\s<>@\p{Cc}]+@[^\s<>@\p{Cc}]+>|[^\s<>@\p{Cc}]+@[^\s<>@\p{Cc}]+)$/u.test(value.trim())
      ? value.trim()
      : undefined,
}

export const apiKey: Kind<string> = {
  expected: 'a key without spaces',
  // It goes into a header, where anything else would fail each request instead of the start.
  parse: (value) => (/^[\x21-\x7e]{1,500}$/.test(value.trim()) ? value.trim() : undefined),
}

/** @param shape of each; the newest comes first */
function secretList(expected: string, shape: RegExp): Kind<readonly string[]> {
  return {
    expected,
    parse: (value) => {
      const list = value.split(',').map((secret) => secret.trim())
      return list.every((secret) => shape.test(secret)) ? list : undefined
    },
  }
}

export const secrets = secretList('one secret, or several like new,old', /^[\x21-\x7e]{1,500}$/)

export const svixSecrets = secretList(
  'one secret that starts with whsec_, or several like whsec_new,whsec_old',
  /^whsec_[A-Za-z0-9+/]{4,500}={0,2}$/,
)

export type PerMarket = Readonly<Record<Market, number>>

/**
 * An amount for each market, in hundredths: `20` for all, `ZA:15` for one, `20,NG:18.5` for all but one.
 * @param defaults of the markets that the text does not name, in the same form
 */
export function perMarket(defaults: string, max: number): Kind<PerMarket> {
  return {
    expected: `a number up to ${max} with at most two decimals, or one per market like 20,NG:18.5`,
    parse: (value) => {
      const given = hundredthsPerMarket(value, max)
      const merged = given && { ...hundredthsPerMarket(defaults, max), ...given }
      return MARKETS.every((market) => merged?.[market] !== undefined) ? (merged as PerMarket) : undefined
    },
  }
}

/** `ALL` is the name of the number without one. */
const ALL = ''

function hundredthsPerMarket(value: string, max: number): Partial<PerMarket> | undefined {
  const given = new Map<string, number>()
  for (const item of value.split(',')) {
    const [, name = ALL, units, decimals = ''] =
      /^\s*(?:([A-Za-z]{2})\s*:\s*)?(\d{1,9})(?:\.(\d{1,2}))?\s*$/.exec(item) ?? []
    const market = name.toUpperCase()
    const hundredths = Number(units) * 100 + Number(decimals.padEnd(2, '0'))
    const isKnown = market === ALL || MARKETS.some((one) => one === market)
    if (units === undefined || !isKnown || hundredths > max * 100 || given.has(market)) return undefined
    given.set(market, hundredths)
  }
  const found = MARKETS.map((market) => [market, given.get(market) ?? given.get(ALL)] as const)
  return Object.fromEntries(found.filter(([, hundredths]) => hundredths !== undefined))
}

export const marketTexts: Kind<Readonly<Partial<Record<Market, string>>>> = {
  expected: 'a text per market like ZA:4123456789',
  parse: (value) => {
    const found: Partial<Record<Market, string>> = {}
    for (const item of value.split(',')) {
      const [, name, text] = /^\s*([A-Za-z]{2})\s*:\s*([^\s\p{Cc},][^\p{Cc},]{0,49}?)\s*$/u.exec(item) ?? []
      const market = MARKETS.find((one) => one === name?.toUpperCase())
      if (market === undefined || text === undefined || found[market] !== undefined) return undefined
      found[market] = text
    }
    return found
  },
}

function within(value: number, min: number, max: number): number | undefined {
  return value >= min && value <= max ? value : undefined
}

function parseUrl(value: string): URL | undefined {
  return URL.canParse(value.trim()) ? new URL(value.trim()) : undefined
}

function isWeb(url: URL | undefined): boolean {
  return url?.protocol === 'http:' || url?.protocol === 'https:'
}
