import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import { CLASSIC_SOCKETS } from '../src/classic/socket-docs.ts'
import { LIVE_SOCKET } from '../src/platform/http/docs/live-socket.ts'

const SENT = [LIVE_SOCKET, ...CLASSIC_SOCKETS].flatMap(({ urls, sends }) =>
  urls.map((url) => ({ pattern: patternOf(url), schemas: Object.values(sends) })),
)

function patternOf(url: string): RegExp {
  return new RegExp(`^${url.replace(/:\w+/g, '[^/]+').replace(/\/$/, '')}/?$`)
}

/** What is wrong with a message that a socket sent: that the documents know no such message at its address. */
export function undocumented(url: string, message: unknown): string | undefined {
  const path = new URL(url).pathname
  const socket = SENT.find(({ pattern }) => pattern.test(path))
  if (!socket) return `no socket is documented at ${path}`
  // A field that is not documented would be left out.
  const isWhole = (schema: z.ZodType): boolean => isDeepStrictEqual(schema.safeParse(message).data, message)
  if (socket.schemas.some(isWhole)) return undefined
  return `not documented at ${path}: ${JSON.stringify(message)}`
}
