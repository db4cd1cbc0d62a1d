import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type S3StandIn = Awaited<ReturnType<typeof startS3StandIn>>

const SIGNATURE =
  /^AWS4-HMAC-SHA256 Credential=key-id\/\d{8}\/af-south-1\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=[0-9a-f]{64}$/

/** The far end of an S3 store: keeps objects of one bucket, and refuses what is not signed as S3 wants it. */
export async function startS3StandIn() {
  const objects = new Map<string, Buffer>()
  const requests: string[] = []
  let mood: 'well' | 'silent' | 'broken' | 'endless' = 'well'

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const path = request.url ?? ''
    requests.push(`${request.method ?? ''} ${path}`)
    if (mood === 'silent') return
    if (mood === 'broken') return void response.writeHead(500).end('<Error/>')
    if (mood === 'endless') return void response.writeHead(200).end(Buffer.alloc(9 * 1024 * 1024))
    if (!isSigned(request, body)) return void response.writeHead(403).end('<Error/>')
    if (!path.startsWith('/pictures-of-toota/')) return void response.writeHead(404).end()

    const found = objects.get(path)
    if (request.method === 'PUT') {
      objects.set(path, body)
      response.writeHead(200).end()
    } else if (request.method === 'DELETE') {
      objects.delete(path)
      response.writeHead(204).end()
    } else if (found) response.writeHead(200, { 'content-type': 'image/jpeg' }).end(found)
    else response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>')
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    requests,
    become: (next: typeof mood) => {
      mood = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

function isSigned({ headers }: IncomingMessage, body: Buffer): boolean {
  const signed = SIGNATURE.exec(headers.authorization ?? '')?.[1]?.split(';') ?? []
  return (
    ['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => signed.includes(name)) &&
    headers['x-amz-content-sha256'] === createHash('sha256').update(body).digest('hex')
  )
}
