import { CLIENT_FRAMES, CLOSE_CODES, LiveEvent, SERVER_FRAMES } from '@toota/contract'
import { z } from 'zod'

type Json = { readonly [key: string]: unknown }

/** The tables of docs/protocol.md by name, made from the contract. */
export const protocolTables = (): Readonly<Record<string, string>> => ({
  'client frames': table(['frame', 'fields', 'what'], Object.entries(CLIENT_FRAMES).map(rowOf)),
  'server frames': table(['frame', 'fields', 'what'], Object.entries(SERVER_FRAMES).map(rowOf)),
  events: table(
    ['kind', 'data'],
    LiveEvent.options.map(({ shape }) => [`\`${shape.kind.value}\``, fieldsOf(schemaOf(shape.data))]),
  ),
  'close codes': table(
    ['code', 'why'],
    Object.entries(CLOSE_CODES).map(([code, why]) => [code, why]),
  ),
})

/** The document with the tables between their marks as they are now. */
export function withTables(document: string): string {
  return Object.entries(protocolTables()).reduce((text, [name, lines]) => {
    const [begin, end] = [`<!-- table: ${name} -->`, `<!-- end: ${name} -->`]
    const [from, to] = [text.indexOf(begin), text.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`docs/protocol.md has no place for ${name}`)
    return `${text.slice(0, from + begin.length)}\n\n${lines}\n\n${text.slice(to)}`
  }, document)
}

const rowOf = ([name, schema]: readonly [string, z.ZodType]): string[] => {
  const json = schemaOf(schema)
  const variants = (json['oneOf'] ?? json['anyOf']) as Json[] | undefined
  const fields =
    name === 'evt'
      ? '`seq`, `at`, `kind`, `data`'
      : [...new Set((variants ?? [json]).map(fieldsOf))].join(' or ')
  return [`\`${name}\``, fields, schema.meta()?.description ?? '']
}

function schemaOf(schema: z.ZodType): Json {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json
  // A schema with a name of its own is only referred to.
  const { $ref, $defs } = json as { $ref?: string; $defs?: Readonly<Record<string, Json>> }
  return $defs?.[$ref?.replace('#/$defs/', '') ?? ''] ?? json
}

/** What a frame carries beside `t`; a question mark marks what may be left out. */
function fieldsOf(json: Json): string {
  const { properties = {}, required = [] } = json as { properties?: Json; required?: readonly string[] }
  const names = Object.keys(properties).filter((name) => name !== 't')
  return names.map((name) => `\`${name}${required.includes(name) ? '' : '?'}\``).join(', ') || '—'
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, n) => Math.max(title.length, 3, ...rows.map((row) => row[n]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join(
    '\n',
  )
}
