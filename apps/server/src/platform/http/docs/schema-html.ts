import { anchor, code, escapeHtml, sentence } from './html.ts'
import type { JsonSchema } from './open-api.ts'

/** The fields of an object, each with its type, its limits and what it means; objects within show theirs below. */
export function fieldsHtml({ properties = {}, required = [] }: JsonSchema): string {
  const rows = Object.entries(properties).map(([name, schema]) =>
    fieldHtml(name, schema, required.includes(name)),
  )
  return rows.length === 0 ? '' : `<dl class="fields">${rows.join('')}</dl>`
}

export function fieldHtml(name: string, schema: JsonSchema, isRequired: boolean): string {
  const inner = innerObject(schema)
  const notes = [schema.description && sentence(stopped(schema.description)), limitsOf(schema)]
    .filter(Boolean)
    .join(' ')
  return `<div><dt><b>${escapeHtml(name)}</b> <span>${typeHtml(schema)}${isRequired ? '' : ', optional'}</span></dt>${
    notes === '' && !inner ? '' : `<dd>${notes}${inner ? fieldsHtml(inner) : ''}</dd>`
  }</div>`
}

/** The object whose fields are shown below: itself, what a list holds, or what may be null. */
function innerObject(schema: JsonSchema): JsonSchema | undefined {
  if (schema.properties) return schema
  const within = [schema.items ?? [], schema.anyOf ?? []].flat()
  return within.map(innerObject).find((each) => each !== undefined)
}

/** `string (uuid)`, `"cash" | "card"`, `Trip | null`; names lead to what they name. */
export function typeHtml(schema: JsonSchema): string {
  const { $ref, anyOf, oneOf, items, format } = schema
  if ($ref !== undefined) return refHtml($ref.split('/').at(-1) ?? '')
  if (schema.const !== undefined) return code(JSON.stringify(schema.const))
  if (schema.enum) return schema.enum.map((each) => code(JSON.stringify(each))).join(' | ')
  const choices = anyOf ?? oneOf
  if (choices) return [...new Set(choices.map(typeHtml))].join(' | ')
  const types = [schema.type].flat().filter((type) => type !== undefined)
  if (types.includes('array'))
    return items ? `list of ${[items].flat().map(typeHtml).join(', ') || 'nothing'}` : 'list'
  return `${types.join(' | ') || 'any'}${format === undefined ? '' : ` (${escapeHtml(format)})`}`
}

const refHtml = (name: string): string => `<a href="#${anchor(name)}-schema">${escapeHtml(name)}</a>`

function limitsOf(schema: JsonSchema): string {
  const { minLength, maxLength, minimum, maximum, maxItems } = schema
  const span = (from: number | undefined, to: number | undefined, what: string): string | undefined => {
    if (to === undefined) return from === undefined ? undefined : `At least ${from}${what}.`
    return from === undefined || from === 0 ? `At most ${to}${what}.` : `${from} to ${to}${what}.`
  }
  return [
    span(minLength, maxLength, ' characters'),
    span(minimum, maximum, ''),
    span(undefined, maxItems, ' items'),
    schema.default === undefined || schema.default === ''
      ? undefined
      : `Default ${code(JSON.stringify(schema.default))}.`,
  ]
    .filter((each) => each !== undefined)
    .join(' ')
}

const stopped = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`)
