import { startFakeGateways } from '../gateways/fake-gateways.ts'
import { startLiveServer } from '../live-server.ts'
import { SECRETS } from '../money.ts'

export type CardServer = Awaited<ReturnType<typeof startCardServer>>

/** The whole server with Paystack at its far end, as the fake plays it: webhooks, refunds and transfers take their seconds. */
export async function startCardServer() {
  const gateways = await startFakeGateways({ secrets: SECRETS })
  const server = await startLiveServer(
    {},
    { PAYSTACK_BASE_URL: `${gateways.url}/paystack`, PAYSTACK_SECRET_KEY: SECRETS.paystack.secretKey },
  )
  gateways.control.setWebhooks({ paystack: `${server.address}/payment/paystack/webhook/` })
  return {
    ...server,
    gateways: gateways.control,
    async close() {
      await server.close()
      await gateways.close()
    },
  }
}

/** What a customer does on the payment page. Answers with the page that the browser ends on. */
export async function press(link: string | null, action: 'pay' | 'decline' | 'cancel'): Promise<string> {
  if (link === null) throw new Error('there is no page to pay on')
  const headers = { accept: 'text/html' }
  const page = await fetch(link, { headers })
  if (!(await page.text()).includes(`value="${action}"`)) throw new Error(`no button to ${action} on ${link}`)
  const end = await fetch(link, { method: 'POST', headers, body: new URLSearchParams({ action }) })
  return end.text()
}
