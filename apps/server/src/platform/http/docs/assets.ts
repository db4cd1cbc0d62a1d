import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { REFERENCE_SCRIPT } from './reference-script.ts'
import { REFERENCE_STYLE } from './reference-style.ts'

export type Asset = {
  readonly type: string
  readonly plain: Buffer
  readonly gzipped: Buffer
  readonly etag: string
}

const require = createRequire(import.meta.url)
const compress = promisify(gzip)
const CSS = 'text/css; charset=utf-8'
const JS = 'text/javascript; charset=utf-8'

const LOGO_ELSEWHERE = 'https://cdn.redoc.ly/redoc/logo-mini.svg'
const EMPTY_IMAGE = 'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E'

const SWAGGER_START = `SwaggerUIBundle({
  url: '/swagger.json',
  dom_id: '#reference',
  deepLinking: true,
  tryItOutEnabled: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  filter: true,
  docExpansion: 'list',
  validatorUrl: null,
  layout: 'BaseLayout',
})
`

const REDOC_START = `Redoc.init('/swagger.json', { hideDownloadButton: false, nativeScrollbars: true }, document.getElementById('reference'))
`

/** By name; the bundles are megabytes, so a file is read and compressed when somebody first asks for it. */
const sources: Readonly<Record<string, { type: string; read: () => Promise<string> }>> = {
  'swagger-ui.js': {
    type: JS,
    read: () => readFile(require.resolve('@fastify/swagger-ui/static/swagger-ui-bundle.js'), 'utf8'),
  },
  'swagger-ui.css': {
    type: CSS,
    read: () => readFile(require.resolve('@fastify/swagger-ui/static/swagger-ui.css'), 'utf8'),
  },
  'swagger-start.js': { type: JS, read: () => Promise.resolve(SWAGGER_START) },
  // Redoc shows its maker's logo from a CDN: the only request that would leave this origin.
  'redoc.js': {
    type: JS,
    read: async () => {
      const bundle = await readFile(require.resolve('redoc/bundles/redoc.standalone.js'), 'utf8')
      return bundle.replaceAll(LOGO_ELSEWHERE, EMPTY_IMAGE)
    },
  },
  'redoc-start.js': { type: JS, read: () => Promise.resolve(REDOC_START) },
  'reference.css': { type: CSS, read: () => Promise.resolve(REFERENCE_STYLE) },
  'reference.js': { type: JS, read: () => Promise.resolve(REFERENCE_SCRIPT) },
}

const loaded = new Map<string, Promise<Asset>>()

/** Compressed once, with a tag by which a reader knows that it has not changed. */
export async function assetOf(type: string, text: string): Promise<Asset> {
  const plain = Buffer.from(text)
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
  return { type, plain, gzipped: await compress(plain, { level: 9 }), etag }
}

/** Undefined for a name that is not one of ours. */
export function findAsset(name: string): Promise<Asset> | undefined {
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined
  if (source === undefined) return undefined
  const known = loaded.get(name)
  if (known !== undefined) return known
  const asset = source.read().then((text) => assetOf(source.type, text))
  loaded.set(name, asset)
  asset.catch(() => loaded.delete(name))
  return asset
}
