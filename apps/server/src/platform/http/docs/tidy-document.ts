import { STATUS_CODES } from 'node:http'
import { mapNodes, type Node } from './map-nodes.ts'
import type { JsonSchema, OpenApi } from './open-api.ts'

const SCHEMAS = '#/components/schemas/'
/** The suffix of a schema that is read rather than answered: both forms of each are offered, few are needed. */
const READ = /Input$/
/** What the formats say already, in two hundred characters of regular expression. */
const SAID_BY_FORMAT = new Set(['uuid', 'date-time'])
const UNNAMED = 'Default Response'

/**
 * A document with only the components its paths use, under their plain names, without what a reader gains nothing from:
 * bounds of every integer and patterns beside a format.
 */
export function tidyDocument(document: OpenApi): OpenApi {
  const { paths, components } = mapNodes(document, tidyNode) as OpenApi
  const used = usedSchemas(paths, components.schemas)
  const names = plainNames(used, components.schemas)
  const rename = (node: JsonSchema): JsonSchema => {
    const name = nameOf(node)
    return name === undefined ? node : { ...node, $ref: SCHEMAS + (names.get(name) ?? name) }
  }
  const schemas = [...names]
    .map(([name, plain]) => [plain, components.schemas[name]] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const kept = { ...document, paths, components: { ...components, schemas: Object.fromEntries(schemas) } }
  return mapNodes(kept, (node) => rename(node)) as OpenApi
}

const nameOf = ({ $ref }: JsonSchema): string | undefined =>
  $ref?.startsWith(SCHEMAS) ? $ref.slice(SCHEMAS.length) : undefined

type Schemas = OpenApi['components']['schemas']

function usedSchemas(paths: unknown, schemas: Schemas): ReadonlySet<string> {
  const used = new Set<string>()
  const follow = (from: unknown): void => {
    mapNodes(from, (node) => {
      const name = nameOf(node)
      if (name !== undefined && !used.has(name)) {
        used.add(name)
        follow(schemas[name])
      }
      return node
    })
  }
  follow(paths)
  return used
}

/** `TripInput` becomes `Trip` where nothing answers a `Trip`, or where the two say the same. */
function plainNames(used: ReadonlySet<string>, schemas: Schemas): ReadonlyMap<string, string> {
  const meaning = (name: string): string =>
    JSON.stringify(schemas[name])
      .replaceAll(/Input"/g, '"')
      .replaceAll(/,?"additionalProperties":false/g, '')
  const names = new Map<string, string>()
  for (const name of used) {
    const plain = name.replace(READ, '')
    const isFree = !used.has(plain) || meaning(plain) === meaning(name)
    names.set(name, isFree ? plain : name)
  }
  // Where both are used and equal, the answered one, which is the closed one, is shown.
  return new Map([...names].sort(([a], [b]) => Number(READ.test(b)) - Number(READ.test(a))))
}

function tidyNode(node: Node): Node {
  const { responses } = node
  return tidySchema(responses === undefined ? node : { ...node, responses: named(responses) })
}

/** A schema without what its format or the kind of its number says already. */
export function tidySchema({ minimum, maximum, pattern, ...rest }: Node): Node {
  const isSaid = typeof rest['format'] === 'string' && SAID_BY_FORMAT.has(rest['format'])
  return {
    ...rest,
    ...(minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? {} : { minimum }),
    ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum }),
    ...(pattern === undefined || isSaid ? {} : { pattern }),
  }
}

const named = (responses: unknown): object =>
  Object.fromEntries(
    Object.entries(responses as Record<string, { description: string }>).map(([status, response]) => [
      status,
      response.description === UNNAMED
        ? { ...response, description: STATUS_CODES[status] ?? 'Answer' }
        : response,
    ]),
  )
