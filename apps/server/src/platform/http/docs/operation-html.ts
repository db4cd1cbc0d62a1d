import { exampleOf } from './example-of.ts'
import { code, escapeHtml, jsonBlock, sentence } from './html.ts'
import type { JsonSchema, OpenApi, Operation } from './open-api.ts'
import { fieldHtml, fieldsHtml, typeHtml } from './schema-html.ts'

type Schemas = OpenApi['components']['schemas']
export type Call = { readonly method: string; readonly path: string; readonly operation: Operation }

export const callsOf = ({ paths }: OpenApi): Call[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )

/** In the order in which they were registered: that of a trip. */
export function callsByTag(document: OpenApi): [string, Call[]][] {
  const groups = new Map<string, Call[]>()
  for (const call of callsOf(document)) {
    const tag = call.operation.tags?.[0] ?? 'Other'
    groups.set(tag, [...(groups.get(tag) ?? []), call])
  }
  return [...groups]
}

export const callAnchor = ({ method, path, operation }: Call): string =>
  operation.operationId ?? `${method}-${path}`

export function callHtml(call: Call, schemas: Schemas): string {
  const { method, path, operation } = call
  const { summary = '', description, parameters = [], security } = operation
  const id = callAnchor(call)
  const notes = [description && sentence(description), security ? undefined : 'Nobody needs to be signed in.']
  return `<article id="${id}"><h3><span class="verb ${method.toLowerCase()}">${method}</span> <a href="#${id}">${pathHtml(path)}</a></h3>
<p class="says">${sentence(summary)}</p>${paragraph(notes)}${section(
    'Parameters',
    parameters.length === 0
      ? ''
      : `<dl class="fields">${parameters
          .map(({ name, schema, required, description: about, in: place }) =>
            fieldHtml(
              name,
              { ...schema, description: `In the ${place}. ${about ?? schema.description ?? ''}`.trim() },
              required === true,
            ),
          )
          .join('')}</dl>`,
  )}${bodyHtml(operation, schemas)}${answersHtml(operation)}${exampleHtml(call, schemas)}</article>`
}

const paragraph = (parts: readonly (string | undefined)[]): string => {
  const text = parts.filter(Boolean).join(' ')
  return text === '' ? '' : `<p>${text}</p>`
}

const section = (title: string, html: string): string => (html === '' ? '' : `<h4>${title}</h4>${html}`)

/** A line may break after a slash. */
const pathHtml = (path: string): string => escapeHtml(path).replaceAll('/', '/<wbr>')

function bodyOf({ requestBody }: Operation): { type: string; schema: JsonSchema } | undefined {
  const [entry] = Object.entries(requestBody?.content ?? {})
  return entry && { type: entry[0], schema: entry[1].schema ?? {} }
}

const resolved = (schema: JsonSchema, schemas: Schemas): JsonSchema =>
  schema.$ref === undefined ? schema : (schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {})

function bodyHtml(operation: Operation, schemas: Schemas): string {
  const body = bodyOf(operation)
  if (!body) return ''
  const { type, schema } = body
  const kind = type === 'application/json' ? '' : `<p>${code(type)}</p>`
  return section('Body', kind + (fieldsHtml(resolved(schema, schemas)) || `<p>${typeHtml(schema)}</p>`))
}

function answersHtml({ responses }: Operation): string {
  const rows = Object.entries(responses).map(([status, { description, content }]) => {
    const [schema] = Object.values(content ?? {}).map((each) => each.schema)
    const type = schema && !isProblem(schema) ? ` ${typeHtml(schema)}` : ''
    return `<div><dt class="${status.startsWith('2') ? 'good' : 'bad'}">${status}</dt><dd>${sentence(description)}${type}</dd></div>`
  })
  return section('Answers', `<dl class="answers">${rows.join('')}</dl>`)
}

const isProblem = ({ $ref }: JsonSchema): boolean => $ref?.endsWith('/Problem') === true

function exampleHtml({ method, path, operation }: Call, schemas: Schemas): string {
  const body = bodyOf(operation)
  const query = (operation.parameters ?? []).filter((each) => each.in === 'query' && each.required)
  const search = query
    .map(({ name, schema }) => `${name}=${String(exampleOf(schema, schemas, name))}`)
    .join('&')
  const lines = [
    `${method} ${path}${search === '' ? '' : `?${search}`}`,
    ...(operation.security ? ['Authorization: Bearer {accessToken}'] : []),
    ...(operation.parameters ?? [])
      .filter((each) => each.in === 'header')
      .map(({ name }) => `${name}: 6f1c0b7e-trip-1`),
    ...(body ? [`Content-Type: ${body.type}`] : []),
  ]
  const said =
    body?.type === 'application/json' ? `\n\n${JSON.stringify(exampleOf(body.schema, schemas), null, 2)}` : ''
  const [status, answer] = Object.entries(operation.responses)[0] ?? ['', undefined]
  const [schema] = Object.values(answer?.content ?? {}).map((each) => each.schema)
  const heard = schema ? jsonBlock(exampleOf(schema, schemas)) : ''
  return `<details><summary>Example</summary><pre><code>${escapeHtml(lines.join('\n') + said)}</code></pre><p>${status}</p>${heard}</details>`
}
