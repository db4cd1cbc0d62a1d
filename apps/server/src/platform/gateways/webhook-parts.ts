import { createHash } from 'node:crypto'
import { z } from 'zod'
import { idText } from './answer-parts.ts'

/** A gateway's name of what happened. */
export const eventName = z.string().regex(/^[\w.-]{1,60}$/)

/** Ids and references in webhooks: absent, null, empty and nonsense all mean that none is named. */
export const namedId = idText.nullish().catch(null)

/** The body of a webhook whose signature was right; undefined when it is not JSON of that shape. */
export function parseWebhook<T>(rawBody: Buffer, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(rawBody.toString('utf8'))).data
  } catch {
    return undefined
  }
}

/** The longest that the table of events takes. */
const LONGEST_KEY = 300

/** One text for an event and what names it; where nothing does, its whole body. */
export function dedupeKeyOf(
  event: string,
  names: readonly (string | null | undefined)[],
  rawBody: Buffer,
): string {
  const known = names.filter((name) => name !== null && name !== undefined && name !== '')
  const key = [event, ...(known.length > 0 ? known : [digestOf(rawBody)])].join(':')
  return key.length <= LONGEST_KEY ? key : `${event}:${digestOf(key)}`
}

const digestOf = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')
