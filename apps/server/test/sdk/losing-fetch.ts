import type { Fetch } from '@toota/sdk'
import { connect, createServer, type AddressInfo } from 'node:net'

/**
 * A fetch whose chosen request goes through a proxy that passes it on, waits for the server's whole answer, and then cuts
 * the connection: the server has done it, and the client knows nothing.
 */
export function losingFetch(): { fetch: Fetch; loseNext(path: string): void; lost(): number } {
  let doomed: string | undefined
  let lost = 0
  return {
    loseNext: (path) => (doomed = path),
    lost: () => lost,
    fetch: async (url, init) => {
      if (doomed === undefined || !url.endsWith(doomed)) return fetch(url, init)
      doomed = undefined
      lost++
      const proxy = await startProxy(new URL(url))
      try {
        return await fetch(url.replace(new URL(url).host, proxy.host), init)
      } finally {
        proxy.close()
      }
    },
  }
}

async function startProxy({ hostname, port }: URL): Promise<{ host: string; close(): void }> {
  const server = createServer((client) => {
    const far = connect(Number(port), hostname)
    client.pipe(far)
    // The first bytes of the answer are written after the server's COMMIT.
    far.once('data', () => {
      client.destroy()
      far.destroy()
    })
    for (const socket of [client, far]) socket.on('error', () => undefined)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}
