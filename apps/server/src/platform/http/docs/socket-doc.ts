import type { Role } from '@toota/contract'
import { z } from 'zod'
import { exampleOf } from './example-of.ts'
import { mapNodes, type Node } from './map-nodes.ts'
import type { JsonSchema } from './open-api.ts'
import { tidySchema } from './tidy-document.ts'

/** What all sockets of one wire have in common. */
export type Wire = {
  readonly name: 'v1' | 'classic'
  readonly signIn: string
  readonly pings: string
  readonly limits: string
  readonly closeCodes: Readonly<Record<number, string>>
}

/** One socket, as it is described to whoever wants to speak with it. */
export type SocketDoc = {
  readonly name: string
  readonly title: string
  readonly description: string
  /** Of the router: `/ws/trips/user/status/:tripId/`. */
  readonly urls: readonly string[]
  readonly roles: readonly Role[]
  readonly wire: Wire
  readonly takes: Readonly<Record<string, z.ZodType>>
  readonly sends: Readonly<Record<string, z.ZodType>>
}

export type MessageDoc = {
  readonly name: string
  readonly description: string
  readonly schema: JsonSchema
  readonly example: unknown
}

/** `/ws/:tripId/` as the documents write it. */
export const addressOf = (url: string): string => url.replace(/:(\w+)/g, '{$1}')

export const parametersOf = (url: string): string[] =>
  [...url.matchAll(/:(\w+)/g)].map(([, name = '']) => name)

export const messagesTaken = ({ takes }: SocketDoc): MessageDoc[] => messagesOf(takes, 'input')
export const messagesSent = ({ sends }: SocketDoc): MessageDoc[] => messagesOf(sends, 'output')

function messagesOf(schemas: SocketDoc['takes'], io: 'input' | 'output'): MessageDoc[] {
  return Object.entries(schemas).map(([name, zod]) => {
    const { description = '', ...schema } = jsonSchemaOf(zod, io)
    return { name, description, schema, example: exampleOf(schema) }
  })
}

/** Draft 7, which AsyncAPI reads, with everything in its place: no message is so long that parts of it need names. */
function jsonSchemaOf(zod: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const made = z.toJSONSchema(zod, { target: 'draft-7', io, unrepresentable: 'any' })
  const { definitions, ...schema } = made as { definitions?: Record<string, JsonSchema> } & JsonSchema
  const inline = (value: unknown): unknown =>
    mapNodes(value, (node) => {
      const name = typeof node['$ref'] === 'string' ? node['$ref'].split('/').at(-1) : undefined
      const part = name === undefined ? {} : (inline(definitions?.[name]) as object)
      // How a description is added to a schema with a name.
      const [base] = Array.isArray(node['allOf']) ? (inline(node['allOf']) as object[]) : []
      return tidySchema(without({ ...part, ...base, ...node }, ['$ref', 'allOf', '$schema', '$id', 'id']))
    })
  return inline(schema) as JsonSchema
}

const without = (node: Node, keys: readonly string[]): Node =>
  Object.fromEntries(Object.entries(node).filter(([key]) => !keys.includes(key)))
