import type { GatewayName } from '@toota/contract'
import type { Effects } from '../gateways/effects.ts'
import type { Hold } from '../gateways/holds.ts'
import type { Webhook } from '../gateways/webhooks.ts'

export type FakeControl = ReturnType<typeof createFakeControl>

/** The control API of the fake gateways over HTTP, as far as a worker needs it. */
export function createFakeControl(gatewayUrl: string, fetch: typeof globalThis.fetch) {
  const call = async <Answer>(path: string, body?: object): Promise<Answer> => {
    const response = await fetch(`${gatewayUrl}/control${path}`, {
      method: body ? 'POST' : 'GET',
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Answer
  }
  return {
    pay: (gateway: GatewayName, reference: string) =>
      call<unknown>('/pay', { gateway, reference, action: 'pay' }),
    advance: (advanceSeconds: number) => call<unknown>('/clock', { advanceSeconds }),
    effectsOf: (reference: string) => call<Effects>(`/effects/${reference}`),
    hold: (hold: Hold) => call<unknown>('/hold', hold),
    setWebhooks: (urls: Record<GatewayName, string>) => call<unknown>('/webhooks', urls),
    pendingWebhooks: () => call<readonly Webhook[]>('/webhooks/pending'),
    deliverWebhook: (id: string) => call<{ statuses: number[] }>('/webhooks/deliver', { id }),
  }
}
