import type { Problem } from '@toota/contract'
import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller } from './access.ts'
import { problem } from './problem.ts'

declare module 'fastify' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface can be merged
  interface FastifyContextConfig {
    /** Also asked for over the live socket, by its `operationId`. */
    isCommand?: true
  }
}

/** What a socket asks for: an operation of `/v1` by its `operationId`, with the id that is its Idempotency-Key. */
export type Command = {
  readonly id: string
  readonly op: string
  readonly args: { readonly params?: Readonly<Record<string, string>> | undefined; readonly body?: unknown }
}

/** The answer of the route: `body` is JSON, of a problem where it is not ok. */
export type CommandAnswer = { readonly isOk: boolean; readonly status: number; readonly body: string }

export type Commands = {
  /** Runs the route itself, with everything that it checks, counts and keeps; so a command may be repeated over HTTP. */
  run(caller: Caller, command: Command): Promise<CommandAnswer>
  /** Who sent the command that this request stands for; undefined for a request from outside. */
  callerOf(request: FastifyRequest): Caller | undefined
  /** The operations there are, in the order of their routes. */
  operations(): string[]
}

/** Carries what names the caller of one request inside this process; nobody outside can guess its value. */
const HEADER = 'x-toota-command'

/** The commands of a server; call it before its routes are registered. */
export function createCommands(server: FastifyInstance): Commands {
  const routes = new Map<
    string,
    { readonly method: 'DELETE' | 'PATCH' | 'POST' | 'PUT'; readonly url: string }
  >()
  const callers = new Map<string, Caller>()

  server.addHook('onRoute', ({ method, url, schema, config }) => {
    const { operationId } = (schema ?? {}) as { readonly operationId?: string }
    if (config?.isCommand !== true || operationId === undefined) return
    routes.set(operationId, { method: method as 'POST', url })
  })

  return {
    operations: () => [...routes.keys()],
    callerOf: (request) => callers.get(String(request.headers[HEADER])),

    async run(caller, { id, op, args }) {
      const route = routes.get(op)
      const url = route && fillIn(route.url, args.params ?? {})
      if (!route || url === undefined) return refused(problem(route ? 'invalid-request' : 'not-found', id))
      const pass = randomUUID()
      callers.set(pass, caller)
      try {
        const { statusCode, body } = await server.inject({
          method: route.method,
          url,
          headers: { [HEADER]: pass, 'idempotency-key': id, 'content-type': 'application/json' },
          // An empty body is none, as over HTTP.
          payload: args.body === undefined ? '' : JSON.stringify(args.body),
        })
        return { isOk: statusCode < 400, status: statusCode, body: body === '' ? 'null' : body }
      } finally {
        callers.delete(pass)
      }
    },
  }
}

const refused = (why: Problem): CommandAnswer => ({
  isOk: false,
  status: why.status,
  body: JSON.stringify(why),
})

/** The path with its parameters; undefined when one is missing. */
function fillIn(url: string, params: Readonly<Record<string, string>>): string | undefined {
  const parts = url.split('/').map((part) => (part.startsWith(':') ? valueOf(params, part.slice(1)) : part))
  return parts.includes(undefined) ? undefined : parts.join('/')
}

function valueOf(params: Readonly<Record<string, string>>, name: string): string | undefined {
  const value = Object.hasOwn(params, name) ? params[name] : undefined
  return value === undefined || value === '' ? undefined : encodeURIComponent(value)
}
