import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { fieldErrors, InvalidBody, UnsupportedMediaType } from './errors.ts'
import { readMultipart } from './uploads.ts'

export const TEXTS = {
  required: 'This field is required.',
  null: 'This field may not be null.',
  blank: 'This field may not be blank.',
  notText: 'Not a valid string.',
  nul: 'Null characters are not allowed.',
  number: 'A valid number is required.',
  uuid: 'Must be a valid UUID.',
  email: 'Enter a valid email address.',
  tooLong: (max: number) => `Ensure this field has no more than ${max} characters.`,
  choice: (word: string) => `"${word}" is not a valid choice.`,
} as const

type TextOptions = {
  readonly max?: number
  readonly min?: number
  readonly allowBlank?: boolean
  /** This field's own words for being absent or blank. */
  readonly required?: string
  readonly blank?: string
}

/** A text as the original took it: numbers become text, outer spaces go, blank is refused unless allowed. */
export const text = ({ max, min, allowBlank = false, required, blank = TEXTS.blank }: TextOptions = {}) =>
  z
    .union([z.string(), z.number()], { error: ({ input }) => missing(input, required) ?? TEXTS.notText })
    .transform((value) => String(value).trim())
    .pipe(
      z.string().check((ctx) => {
        const refuse = (message: string) => ctx.issues.push({ code: 'custom', message, input: ctx.value })
        if (ctx.value.includes('\0')) refuse(TEXTS.nul)
        else if (ctx.value === '' && !allowBlank) refuse(blank)
        else if (max !== undefined && lengthOf(ctx.value) > max) refuse(TEXTS.tooLong(max))
        else if (min !== undefined && lengthOf(ctx.value) < min)
          refuse(`Ensure this field has at least ${min} characters.`)
      }),
    )

/** In characters, as PostgreSQL counts them. */
const lengthOf = (value: string): number => Array.from(value).length

/** A finite number, or the same as text, since forms know nothing else. */
export const number = () =>
  z
    .union([z.number(), z.string()], { error: ({ input }) => missing(input) ?? TEXTS.number })
    .transform((value, ctx) => {
      const parsed = typeof value === 'number' ? value : value.trim() === '' ? NaN : Number(value)
      if (Number.isFinite(parsed)) return parsed
      ctx.addIssue({ code: 'custom', message: TEXTS.number })
      return z.NEVER
    })

export const uuid = () => z.guid({ error: ({ input }) => missing(input) ?? TEXTS.uuid }).toLowerCase()

const missing = (input: unknown, required: string = TEXTS.required): string | undefined =>
  input === undefined ? required : input === null ? TEXTS.null : undefined

/** Checks a body against a schema and answers the value, or throws {@link InvalidBody} with the original's texts. */
export function parseBody<T extends z.ZodType>(schema: T, data: unknown): z.output<T> {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new InvalidBody({
      non_field_errors: [`Invalid data. Expected a dictionary, but got ${pythonTypeOf(data)}.`],
    })
  const result = schema.safeParse(data, { error: defaultText })
  if (result.success) return result.data
  throw new InvalidBody(fieldErrors(result.error))
}

/** Texts for schemas that bring none of their own. */
function defaultText(issue: z.core.$ZodRawIssue): string | undefined {
  const absent = missing(issue.input)
  if (absent !== undefined) return absent
  if (issue.code === 'invalid_value') return TEXTS.choice(String(issue.input))
  if (issue.code === 'too_big')
    return issue.origin === 'string'
      ? TEXTS.tooLong(Number(issue.maximum))
      : `Ensure this value is less than or equal to ${issue.maximum}.`
  if (issue.code === 'too_small')
    return issue.origin === 'string'
      ? `Ensure this field has at least ${issue.minimum} characters.`
      : `Ensure this value is greater than or equal to ${issue.minimum}.`
  if (issue.code === 'invalid_union') return TEXTS.notText
  if (issue.code !== 'invalid_type') return undefined
  const type = pythonTypeOf(issue.input)
  if (issue.expected === 'number' || issue.expected === 'int') return TEXTS.number
  if (issue.expected === 'string') return TEXTS.notText
  if (issue.expected === 'array') return `Expected a list of items but got type "${type}".`
  if (issue.expected === 'object') return `Invalid data. Expected a dictionary, but got ${type}.`
  return undefined
}

function pythonTypeOf(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  return { string: 'str', boolean: 'bool' }[typeof value as string] ?? 'dict'
}

/** Bodies as the original read them: JSON, urlencoded and multipart, everything else 415. */
export function acceptBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('remove', 'remove')
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.toString().trim() === '') done(null, undefined)
    else void parseJson(request, body.toString(), done)
  })
  app.addHook('preValidation', async (request, reply) => {
    if (request.isMultipart()) request.body = await readMultipart(request, reply)
    else request.body ??= request.body === null && hasContent(request) ? null : {}
  })
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => (data) => {
    if (httpPart === 'body') return { value: parseBody(schema, data) }
    const result = schema.safeParse(data, { error: defaultText })
    if (!result.success) throw new InvalidBody(fieldErrors(result.error))
    return { value: result.data }
  })
}

const hasContent = (request: FastifyRequest): boolean => Number(request.headers['content-length'] ?? 0) > 0

/** An onRequest hook for routes of the original that read forms only: JSON is 415 there. */
export function onlyForms(request: FastifyRequest, _reply: unknown, done: () => void): void {
  const type = request.headers['content-type'] ?? ''
  const isForm = /^(multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type)
  if (!isForm && (type !== '' || hasContent(request))) throw new UnsupportedMediaType(type)
  done()
}
