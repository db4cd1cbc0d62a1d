import swagger, { type SwaggerTransform, type SwaggerTransformObject } from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { OpenApi } from './open-api.ts'
import { tidyDocument } from './tidy-document.ts'

declare module 'fastify' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface can be merged
  interface FastifyInstance {
    /** The OpenAPI document of `/v1`, once the server is ready. */
    productDocument(): OpenApi
  }
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface can be merged
  interface FastifyContextConfig {
    /** The call needs an Idempotency-Key, or takes one. */
    takesKey?: true | 'optional'
  }
}

type Tag = { readonly name: string; readonly description?: string }
export type DocumentInfo = {
  readonly title: string
  readonly version: string
  /** Markdown above the operations: what OpenAPI cannot say. */
  readonly description?: string
  /** In the order in which a reader should meet them. */
  readonly tags?: readonly Tag[]
}

const isProduct = (url: string): boolean => /^\/v1(\/|$)/.test(url)

const BEARER = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'The access token of a session',
} as const

/**
 * Two documents from the Zod schemas of all routes registered after this: `app.productDocument()` of what is below `/v1`,
 * `app.swagger()` of the rest. Each route is in one of them, unless its schema says `hide`.
 */
export async function registerDocuments(
  app: FastifyInstance,
  { product, classic }: { readonly product: DocumentInfo; readonly classic: DocumentInfo },
): Promise<void> {
  await app.register(swagger, { ...documentOf(product, isProduct), decorator: 'productDocument' })
  await app.register(
    swagger,
    documentOf(classic, (url) => !isProduct(url)),
  )
}

function documentOf({ title, version, description, tags }: DocumentInfo, isOurs: (url: string) => boolean) {
  return {
    openapi: {
      openapi: '3.1.0',
      info: { title, version, ...(description === undefined ? {} : { description }) },
      servers: [{ url: '/' }],
      ...(tags === undefined ? {} : { tags: [...tags] }),
      components: { securitySchemes: { bearer: BEARER } },
    },
    transform: ((route) =>
      isOurs(route.url) ? withKey(route) : { schema: { hide: true }, url: route.url }) as SwaggerTransform,
    transformObject: ((document) =>
      tidyDocument(jsonSchemaTransformObject(document) as unknown as OpenApi)) as SwaggerTransformObject,
  }
}

const KEY_HEADER = {
  type: 'object',
  properties: {
    'Idempotency-Key': {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'Made up by the client for this one call; a repeat with it gets the same answer',
    },
  },
  required: ['Idempotency-Key'],
}

const OPTIONAL_KEY_HEADER = { type: KEY_HEADER.type, properties: KEY_HEADER.properties }

/** The key is checked in the handler, in words of its own, so no schema of the route names it. */
const withKey: SwaggerTransform = (route) => {
  const { schema, url } = jsonSchemaTransform(route)
  const takesKey = route.route.config?.takesKey
  if (!takesKey) return { schema, url }
  return { schema: { ...schema, headers: takesKey === 'optional' ? OPTIONAL_KEY_HEADER : KEY_HEADER }, url }
}
