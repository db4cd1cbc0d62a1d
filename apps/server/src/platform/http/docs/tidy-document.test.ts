import { describe, expect, it } from 'vitest'
import type { JsonSchema, OpenApi } from './open-api.ts'
import { tidyDocument } from './tidy-document.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const object = (properties: Record<string, JsonSchema>, more: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  properties,
  ...more,
})
const closed = { additionalProperties: false }

const document: OpenApi = {
  openapi: '3.1.0',
  info: { title: 'T', version: '1' },
  paths: {
    '/parcels': {
      post: {
        requestBody: { content: { 'application/json': { schema: ref('NewParcelInput') } } },
        responses: {
          200: {
            description: 'Default Response',
            content: { 'application/json': { schema: ref('Parcel') } },
          },
        },
      },
      put: {
        requestBody: { content: { 'application/json': { schema: ref('ParcelInput') } } },
        responses: { 204: { description: 'Done' } },
      },
    },
  },
  components: {
    securitySchemes: { bearer: {} },
    schemas: {
      NewParcel: object({}, closed),
      NewParcelInput: object({ place: ref('PlaceInput'), note: { type: 'string', default: '' } }),
      Parcel: object(
        {
          place: ref('Place'),
          at: { type: 'string', format: 'date-time', pattern: '^x$' },
          count: { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: 9 },
        },
        { required: ['at'] },
      ),
      ParcelInput: object({ place: ref('PlaceInput') }),
      Place: object({ name: { type: 'string', pattern: '^y$' } }, closed),
      PlaceInput: object({ name: { type: 'string', pattern: '^y$' } }),
      Unused: object({}),
    },
  },
}

describe('tidyDocument', () => {
  const { paths, components } = tidyDocument(document)

  it('[DO4] keeps the components that are used, and no other', () => {
    expect(Object.keys(components.schemas)).toEqual(['NewParcel', 'Parcel', 'ParcelInput', 'Place'])
    expect(components.securitySchemes).toEqual({ bearer: {} })
  })

  it('[DO4] gives what is only read its plain name, and tells the two forms apart where they differ', () => {
    const text = JSON.stringify([paths, components])
    const refs = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map((match) => match[1])
    expect([...new Set(refs)].sort()).toEqual(['NewParcel', 'Parcel', 'ParcelInput', 'Place'])
    expect(components.schemas['NewParcel']?.properties).toHaveProperty('note')
    expect(components.schemas['Place']).toEqual(document.components.schemas['Place'])
  })

  it('[DO5] leaves out what a format or the kind of a number says already', () => {
    expect(components.schemas['Parcel']?.properties).toMatchObject({
      at: { type: 'string', format: 'date-time' },
      count: { type: 'integer', maximum: 9 },
    })
    expect(JSON.stringify(components.schemas['Parcel'])).not.toMatch(/pattern|minimum/)
    expect(JSON.stringify(components.schemas['Place'])).toContain('^y$')
  })

  it('[DO5] names an answer that has no words of its own by its status', () => {
    expect(paths['/parcels']?.['post']?.responses['200']?.description).toBe('OK')
    expect(paths['/parcels']?.['put']?.responses['204']?.description).toBe('Done')
  })
})
