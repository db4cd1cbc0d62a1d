import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface can be merged
  interface FastifyInstance {
    /** Methods that some route offers at this path (without query). Empty when there is no such path. */
    methodsAt(path: string): string[]
    /** Every route there is, as `GET /trips/:tripId`; sockets as `WS /ws/…`. */
    routeTable(): string[]
  }
}

/**
 * Knows which paths exist, since the router only says whether path and method match together; and refuses upgrades
 * of routes that are no sockets, which the WebSocket plugin would first accept and then close.
 */
export function watchRoutes(server: FastifyInstance): void {
  const methods = new Map<string, Set<string>>()
  const patterns = new Map<string, RegExp>()
  const sockets = new Set<string>()

  server.addHook('onRoute', (route) => {
    if (route.url === '*' || route.url === '/*') return
    const known = methods.get(route.url) ?? new Set()
    for (const method of [route.method].flat()) known.add(method)
    methods.set(route.url, known)
    patterns.set(route.url, toPattern(route.url))
    if (route.websocket ?? route.wsHandler) sockets.add(route.url)
  })
  server.decorate('methodsAt', (path: string) => {
    const matching = [...methods].filter(([url]) => patterns.get(url)?.test(path))
    return [...new Set(matching.flatMap(([, names]) => [...names]))]
  })
  server.decorate('routeTable', () =>
    [...methods].flatMap(([url, names]) =>
      sockets.has(url)
        ? [`WS ${url}`]
        : [...names].filter((name) => name !== 'HEAD' && name !== 'OPTIONS').map((name) => `${name} ${url}`),
    ),
  )
  server.addHook('onRequest', (request, reply, done) => {
    if (!request.ws || request.is404 || sockets.has(request.routeOptions.url ?? '')) done()
    else reply.callNotFound()
  })
}

function toPattern(url: string): RegExp {
  const source = url
    .replace(/\/$/, '')
    .split('/')
    .map((part) =>
      part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.+?^${}()|[\]\\*]/g, '\\$&'),
    )
    .join('/')
  return new RegExp(`^${source}/?$`)
}
