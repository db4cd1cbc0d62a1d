import type { IncomingHttpHeaders } from 'node:http'

/** The gateways that are played. */
export const GATEWAYS = ['paystack', 'flutterwave', 'yoco'] as const
export type GatewayName = (typeof GATEWAYS)[number]

/** A JSON object of somebody else's. */
export type Fields = Readonly<Record<string, unknown>>

/** What a caller sent, as far as an answer depends on it. */
export type Call = {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: Fields
  readonly headers: IncomingHttpHeaders
}

/** An answer in JSON. */
export type Reply = {
  readonly status: number
  readonly body: unknown
  /** Of the payment that an initializing call made. */
  readonly opened?: string
}

type Address = { readonly method: 'GET' | 'POST'; readonly path: string }

/** A call of an HTTP interface: `path` holds `:names`, `answer` is given what stood there. */
export type Route<Answer> = Address & { readonly name: string; readonly answer: Answer }

/** The route of an address and what its `:names` stand for. */
export function findRoute<Found extends Address>(
  routes: readonly Found[],
  method: string | undefined,
  path: string,
): { readonly route: Found; readonly params: Record<string, string> } | undefined {
  const parts = path.split('/')
  for (const route of routes) {
    const params = route.method === method ? paramsOf(route.path.split('/'), parts) : undefined
    if (params) return { route, params }
  }
  return undefined
}

function paramsOf(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, piece] of pattern.entries()) {
    const part = parts[index]!
    if (piece.startsWith(':')) params[piece.slice(1)] = decodeURIComponent(part)
    else if (piece !== part) return undefined
  }
  return params
}

/** The value as an object; anything else has no fields. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

/** The value as a string that is not empty. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** The value as an absolute address; whatever else it is, nobody can be sent there. */
export const addressOf = (value: unknown): string | null =>
  typeof value === 'string' && URL.canParse(value) ? value : null

/** A positive whole number, also when it is sent as a string. */
export function wholeOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  return Number.isSafeInteger(number) && Number(number) > 0 ? Number(number) : undefined
}

/** Adds to the list of a key. */
export function addTo<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}

/** One page of a list, and how many pages there are. */
export function pageOf<Item>(
  items: readonly Item[],
  page: number,
  size: number,
): { readonly items: readonly Item[]; readonly pages: number } {
  return {
    items: items.slice((page - 1) * size, page * size),
    pages: Math.max(1, Math.ceil(items.length / size)),
  }
}
