/*
 * The fake gateways as a process of their own: `node main.child.ts '{"port":4010,"webhookBase":"http://…"}'`, or the same
 * options in TEST_GATEWAY_OPTIONS. Tells a parent its address, and ends with it.
 */
import { startFakeGateways, type FakeGatewaysOptions } from './fake-gateways.ts'

const options = process.argv[2] ?? process.env['TEST_GATEWAY_OPTIONS'] ?? '{}'
// Other ids in every life, unless the books of the last one are taken up.
const gateways = await startFakeGateways({
  seed: Date.now(),
  ...(JSON.parse(options) as FakeGatewaysOptions),
})

const end = (): void => void gateways.close().then(() => process.exit(0))
process.once('disconnect', end)
process.once('SIGTERM', end)
process.send?.({ url: gateways.url })
