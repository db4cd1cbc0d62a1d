import { createServer } from 'node:http'
import { collectDefaultMetrics } from 'prom-client'
import type { Metrics } from './metrics.ts'

export type MetricsServer = { readonly port: number; close(): Promise<void> }

/**
 * `GET /metrics` in Prometheus's text, on a port of its own: it is for the operator's network, and answers while the
 * public one is full. What the runtime tells of itself is collected from here on.
 */
export async function startMetricsServer(
  metrics: Metrics,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<MetricsServer> {
  collectDefaultMetrics({ register: metrics.registry })
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    const isKnown = request.url?.split('?', 1)[0] === '/metrics'
    if (!isKnown || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(isKnown ? 405 : 404, { 'content-type': 'text/plain' }).end('GET /metrics\n')
      return
    }
    metrics.registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
