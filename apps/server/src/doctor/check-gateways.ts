import type { GatewayName } from '@toota/contract'
import type { Config } from '../config.ts'
import { isTestKey } from '../platform/gateways/gateway-settings.ts'
import { probeGateway } from '../platform/gateways/probe-gateway.ts'
import { findingsOf, type Finding } from './finding.ts'

const { ok, warn, fail } = findingsOf('payments')
/** The doctor answers within 10 seconds. */
const PATIENCE_MS = 8_000

const TITLES: Readonly<Record<GatewayName, string>> = {
  paystack: 'Paystack',
  flutterwave: 'Flutterwave',
  yoco: 'Yoco',
}

/** Asks each gateway that is set whether it takes the key; one finding each. */
export async function checkGateways({
  gateways,
  settings,
}: Pick<Config, 'gateways' | 'settings'>): Promise<Finding[]> {
  if (gateways.usesTestGateway) return [ok('test gateway: payments are played, no money moves')]
  const names = (['paystack', 'flutterwave', 'yoco'] as const).filter((name) => gateways[name])
  if (names.length === 0) return [ok('cash only; no gateway is set')]
  return Promise.all(names.map((name) => checkGateway(name, gateways, settings.isDebug)))
}

async function checkGateway(
  name: GatewayName,
  gateways: Config['gateways'],
  isDebug: boolean,
): Promise<Finding> {
  const api = gateways[name]
  const title = TITLES[name]
  const setting = name.toUpperCase()
  if (!api) return ok(`${title}: not set`)
  const startedAt = performance.now()
  const probe = await probeGateway(name, api, PATIENCE_MS)
  const tookMs = Math.round(performance.now() - startedAt)
  if (probe.state === 'refused')
    return fail(`${title}: the key is refused (${probe.reason})`, `correct ${setting}_SECRET_KEY`)
  if (probe.state === 'away')
    return fail(
      `${title}: no answer of its own (${probe.reason})`,
      `correct ${setting}_BASE_URL, or see whether ${title} has an outage`,
    )

  const isTest = isTestKey(name, api.secretKey)
  const says = `${title}: ${isTest ? 'test' : 'live'} key accepted; answered in ${tookMs} ms`
  const isUnsigned = 'webhookSecrets' in api && api.webhookSecrets.length === 0
  const faults = [
    ...(isTest && !isDebug
      ? [['trips are driven for play money', `set the live ${setting}_SECRET_KEY`]]
      : []),
    ...(isUnsigned ? [['its webhooks are refused', `set ${setting}_WEBHOOK_SECRET`]] : []),
  ]
  if (faults.length === 0) return ok(says)
  return warn(
    [says, ...faults.map(([fault]) => fault)].join('; '),
    faults.map(([, mend]) => mend).join(', and '),
  )
}
