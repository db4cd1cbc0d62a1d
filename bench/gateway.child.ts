/** The test gateways in a process of their own; webhooks are sent by the benchmark. */
import { startFakeGateways } from '../apps/server/test/gateways/fake-gateways.ts'
import { SECRETS } from '../apps/server/test/money.ts'
import { listenBelowClients, reportToParent } from './child-process.ts'

let url = ''
await listenBelowClients(async (port) => {
  const gateways = await startFakeGateways({
    port,
    secrets: SECRETS,
    automaticWebhooks: false,
    clock: 'virtual',
  })
  url = gateways.url
})
reportToParent({ address: url, pairs: [] })
