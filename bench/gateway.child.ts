/** The test gateways in a process of their own; webhooks are sent by the benchmark. */
import { startFakeGateways } from '../apps/server/test/gateways/fake-gateways.ts'
import { SECRETS } from '../apps/server/test/money.ts'
import { answerCpuUsage } from './child-process.ts'

const gateways = await startFakeGateways({ secrets: SECRETS, automaticWebhooks: false, clock: 'virtual' })
answerCpuUsage()
process.send?.({ address: gateways.url, pairs: [] })
