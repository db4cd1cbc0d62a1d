import { AwsClient } from 'aws4fetch'
import { createHash, randomBytes } from 'node:crypto'
import { Refusal } from '../kernel/index.ts'
import { MAX_BLOB_BYTES, requireBlobName, roundTrip, type Blobs } from './blobs.ts'
import { readAtMost } from './read-at-most.ts'
import type { Logger } from './log.ts'

export type S3Options = {
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 10_000

/** A bucket of any S3-compatible store, at `<endpoint>/<bucket>/<name>`. An outage is `unavailable`. */
export function createS3Blobs(options: S3Options, log: Logger): Blobs {
  const { endpoint, bucket, region, accessKeyId, secretAccessKey, timeoutMs = TIMEOUT_MS } = options
  const signer = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3' })

  const ask = async (method: string, name: string, content?: Uint8Array): Promise<Response> => {
    requireBlobName(name)
    const body = content && Buffer.from(content)
    const headers = {
      'x-amz-content-sha256': createHash('sha256')
        .update(body ?? '')
        .digest('hex'),
      ...(body && { 'content-type': 'image/jpeg', 'content-length': String(body.length) }),
    }
    const url = `${endpoint.replace(/\/+$/, '')}/${encodeURIComponent(bucket)}/${name}`
    const { headers: signed } = await signer.sign(url, { method, headers, ...(body && { body }) })
    const signal = AbortSignal.timeout(timeoutMs)
    const init = { method, headers: signed, signal, redirect: 'error' as const, ...(body && { body }) }
    return fetch(url, init)
  }

  const store = {
    async put(name: string, content: Uint8Array) {
      await settled(await ask('PUT', name, content))
    },
    async get(name: string) {
      const response = await ask('GET', name)
      if (response.ok) return await readPicture(response)
      if (response.status !== 404) await settled(response)
      await response.body?.cancel()
      return undefined
    },
    async remove(name: string) {
      const response = await ask('DELETE', name)
      if (response.status === 404) await response.body?.cancel()
      else await settled(response)
    },
  }

  /** To callers the store is away, whatever the reason; the operator reads it in the log. */
  const orUnavailable = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      log.error({ err: error }, 'the picture store failed')
      throw new Refusal('unavailable')
    }
  }
  return {
    put: (name, content) => orUnavailable(store.put(name, content)),
    get: (name) => orUnavailable(store.get(name)),
    remove: (name) => orUnavailable(store.remove(name)),
    check: () => roundTrip(store, `${randomBytes(16).toString('hex')}.jpg`),
  }
}

async function settled(response: Response): Promise<void> {
  await response.body?.cancel()
  if (!response.ok) throw new Error(`the store answered ${response.status}`)
}

async function readPicture(response: Response): Promise<Buffer> {
  const content = await readAtMost(response, MAX_BLOB_BYTES)
  if (!content) throw new Error('the store sent more than a picture')
  return content
}
