import { z } from 'zod'
import { minorOf } from './money-units.ts'

/** An id as a number or a text. A number beyond 2^53 has lost its last digits, and would name another transaction. */
export const idText = z.union([
  z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).transform(String),
  z.string().regex(/^[\x21-\x7e]{1,100}$/),
])

/** An amount in minor units: whole, as a number or as its digits. */
export const minorUnits = z.union([
  z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
])

/** An amount in major units, in minor ones; see {@link minorOf}. */
export const majorUnits = z.union([z.number(), z.string()]).transform((major, context) => {
  const minor = minorOf(major)
  if (minor !== undefined) return minor
  context.issues.push({ code: 'custom', message: 'is no amount', input: major })
  return z.NEVER
})

/** Money that was taken is more than nothing. */
export const someMoney = (kind: typeof minorUnits | typeof majorUnits) => kind.pipe(z.number().positive())

/** A currency in upper case; whether it is the right one is the caller's question. */
export const currencyCode = z
  .string()
  .trim()
  .regex(/^[a-z]{2,10}$/i)
  .transform((code) => code.toUpperCase())

/** A state, in lower case and with one spelling of the gap between words. */
export const stateWord = z
  .string()
  .max(100)
  .transform((word) => word.trim().toLowerCase().replaceAll('_', '-'))

/** Where the customer is sent: encrypted, unless the gateway itself is asked in the clear (a test on this machine). */
export const pageLink = (baseUrl: string) =>
  z
    .string()
    .max(2_000)
    .refine((link) => URL.canParse(link) && allowedProtocols(baseUrl).includes(new URL(link).protocol))

const allowedProtocols = (baseUrl: string): string[] =>
  baseUrl.startsWith('http:') ? ['https:', 'http:'] : ['https:']

/** What gateways put below `data`. */
export const inData = <T>(schema: z.ZodType<T>) => z.object({ data: schema }).transform(({ data }) => data)

/** A list's page, and whether it is the last. */
export type Page<T> = { readonly entries: readonly T[]; readonly isLast: boolean }
