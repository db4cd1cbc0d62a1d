import { readFileSync } from 'node:fs'
import type { GatewayName } from '@toota/contract'
import { serveFar, type FarServer } from '../../far-server.ts'

/** One request to a gateway and its answer, written out by hand from `source`. */
export type Sample = {
  readonly source: string
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown }
  readonly status: number
  readonly body: Record<string, unknown>
}

export const sampleOf = (gateway: GatewayName, name: string): Sample => read(gateway, name) as Sample

/** The body of a webhook, as it was on the wire. */
export const webhookOf = (gateway: GatewayName, name: string): Buffer =>
  Buffer.from(JSON.stringify((read(gateway, `webhook-${name}`) as { body: unknown }).body))

/** A gateway that knows these samples: each request gets the answer whose method and path it has, whatever its further query. */
export async function playSamples(
  gateway: GatewayName,
  ...played: readonly (string | Sample)[]
): Promise<FarServer> {
  const samples = played.map((one) => (typeof one === 'string' ? sampleOf(gateway, one) : one))
  return serveFar((response, { method, url }) => {
    const sample = samples.find(({ request }) => request.method === method && isAt(url, request.path))
    if (!sample) response.writeHead(501).end(`no sample for ${method} ${url}`)
    else response.writeHead(sample.status, JSON_TYPE).end(JSON.stringify(sample.body))
  })
}

const JSON_TYPE = { 'content-type': 'application/json' }

function isAt(url: string, path: string): boolean {
  const [asked, wanted] = [url, path].map((one) => new URL(one, 'http://far'))
  if (!asked || asked.pathname !== wanted?.pathname) return false
  return [...wanted.searchParams].every(([name, value]) => asked.searchParams.get(name) === value)
}

const read = (gateway: GatewayName, name: string): unknown =>
  JSON.parse(readFileSync(new URL(`${gateway}/${name}.json`, import.meta.url), 'utf8'))
