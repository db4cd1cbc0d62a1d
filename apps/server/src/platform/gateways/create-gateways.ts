import type { GatewayName } from '@toota/contract'
import type { Config } from '../../config.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { flutterwaveGateway } from './flutterwave.ts'
import type { Gateway, Gateways } from './gateway.ts'
import { paystackGateway } from './paystack.ts'
import { testGatewaySettings } from './test-gateway.ts'
import { yocoGateway } from './yoco.ts'

export type CreateGatewaysOptions = {
  /** Where the test gateway runs. All three gateways are then it, whatever else is set. */
  readonly testUrl?: string | undefined
  readonly metrics?: Metrics
}

/**
 * The gateways that are set up, in one client each, so that each rests on its own. With TEST_GATEWAY on and no `testUrl` there are
 * none, since a key that is set beside it is not meant. In a market the first of its list that is set up serves.
 */
export function createGateways(
  settings: Config['gateways'],
  log: Pick<Logger, 'warn'>,
  { testUrl, metrics }: CreateGatewaysOptions = {},
): Gateways {
  const apis =
    testUrl !== undefined ? testGatewaySettings(testUrl) : settings.usesTestGateway ? undefined : settings
  const clients: Partial<Record<GatewayName, Gateway>> = {
    ...(apis?.paystack && { paystack: paystackGateway({ ...apis.paystack, log, metrics }) }),
    ...(apis?.flutterwave && { flutterwave: flutterwaveGateway({ ...apis.flutterwave, log, metrics }) }),
    ...(apis?.yoco && { yoco: yocoGateway({ ...apis.yoco, log, metrics }) }),
  }
  const first = (names: readonly GatewayName[]): Gateway | undefined =>
    names.map((name) => clients[name]).find((client) => client !== undefined)
  return {
    forPayments: (market) => first(paymentsIn(market, settings.zaGateway)),
    forPayouts: (market) => first(market === 'NG' ? ['flutterwave', 'paystack'] : ['paystack']),
    named: (name) => clients[name],
    all: () => Object.values(clients),
  }
}

/** As the original had it: Flutterwave in Nigeria, Paystack elsewhere; Yoco knows South Africa alone. */
function paymentsIn(market: string, zaGateway: 'paystack' | 'yoco'): readonly GatewayName[] {
  if (market === 'NG') return ['flutterwave', 'paystack']
  if (market !== 'ZA') return ['paystack', 'flutterwave']
  return zaGateway === 'yoco' ? ['yoco', 'paystack', 'flutterwave'] : ['paystack', 'yoco', 'flutterwave']
}
