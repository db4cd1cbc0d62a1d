import { pageOf, wholeOf, type Call, type Reply } from './wire.ts'

/** A call that worked. */
export const done = (message: string, data: unknown, status = 200): Reply => ({
  status,
  body: { status: true, message, data },
})

/** A call that did nothing. */
export const refused = (
  status: number,
  message: string,
  code: string,
  nextStep = 'Ensure that the values you are passing are valid',
): Reply => ({
  status,
  body: { status: false, message, meta: { nextStep }, type: 'validation_error', code },
})

/** A call about something that is not there. */
export const notFound = (message: string): Reply => refused(404, message, 'not_found')

/** What was made between `from` and `to`, the newest first. */
export function within<Item extends { readonly createdAt: string }>({ query }: Call, items: Item[]): Item[] {
  const from = Date.parse(query.get('from') ?? '') || 0
  const to = Date.parse(query.get('to') ?? '') || Infinity
  return items
    .reverse()
    .filter(({ createdAt }) => from <= Date.parse(createdAt) && Date.parse(createdAt) <= to)
}

/** One page of a list with its `meta`. */
export function listed<Item>(
  { query }: Call,
  message: string,
  items: Item[],
  shape: (item: Item) => unknown,
): Reply {
  const page = wholeOf(query.get('page') ?? 1) ?? 1
  const perPage = wholeOf(query.get('perPage') ?? 50) ?? 50
  const { items: shown, pages } = pageOf(items, page, perPage)
  const meta = { total: items.length, skipped: (page - 1) * perPage, perPage, page, pageCount: pages }
  return { status: 200, body: { status: true, message, data: shown.map(shape), meta } }
}
