import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { GatewayName } from '@toota/contract'
import { receiveWebhook } from '../../src/features/payments/index.ts'
import type { Webhook } from '../gateways/webhooks.ts'
import type { FakeControl } from './fake-control.ts'
import type { WorkerPlatform } from './worker-platform.ts'

export type WebhookEar = {
  /** Has the fake deliver what it has not got rid of, or only the last of it, one after the other. */
  hear(which: 'all' | 'last', control: FakeControl): Promise<void>
}

/** Where the fake gateways send their webhooks: an HTTP edge of one use case. */
export async function openWebhookEar(platform: WorkerPlatform): Promise<WebhookEar> {
  const server = createServer((request, response) => {
    const gateway = (request.url ?? '').slice(1) as GatewayName
    void buffer(request)
      .then((body) => receiveWebhook(platform, gateway, request.headers, body))
      .then(
        ({ receipt }) => response.writeHead(receipt === 'kept' ? 200 : 404).end(),
        () => response.writeHead(500).end(),
      )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const urls = {
    paystack: `${base}/paystack`,
    flutterwave: `${base}/flutterwave`,
    yoco: `${base}/yoco`,
  }
  return {
    async hear(which, control) {
      await control.setWebhooks(urls)
      const pending: readonly Webhook[] = await control.pendingWebhooks()
      for (const { id } of which === 'all' ? pending : pending.slice(-1)) await control.deliverWebhook(id)
    },
  }
}
