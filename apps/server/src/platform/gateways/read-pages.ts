import type { Page } from './answer-parts.ts'
import type { Outcome } from './gateway.ts'
import { outcomeOf, type Reply } from './gateway-http.ts'
import { done, unknown } from './outcome.ts'

/** A gateway that always answers the first page must not hold us for ever. */
const MAX_PAGES = 200

/** All entries of a list, page after page from 1. `unknown` when any page is, or when there are more than 200. */
export async function readPages<T>(
  ask: (page: number) => Promise<Reply<Page<T>>>,
): Promise<Outcome<readonly T[]>> {
  const entries: T[] = []
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const reply = await ask(page)
    if (reply.reply !== 'read') return outcomeOf(reply, () => unknown('unreadable'))
    entries.push(...reply.value.entries)
    if (reply.value.isLast) return done(entries)
  }
  return unknown('list-too-long')
}
