import type { GatewayName } from '@toota/contract'
import type { FlutterwaveSignature } from './flutterwave-webhook.ts'

type Api = { readonly baseUrl: string; readonly secretKey: string }

/** What the operator has set; addresses are without a slash at the end. */
export type GatewaySettings = {
  readonly paystack: (Api & { readonly previousSecretKey: string | undefined }) | undefined
  readonly flutterwave:
    | (Api & { readonly webhookSecrets: readonly string[]; readonly signature: FlutterwaveSignature })
    | undefined
  readonly yoco: (Api & { readonly webhookSecrets: readonly string[] }) | undefined
  readonly zaGateway: 'paystack' | 'yoco'
  /** The test gateway that comes along, in place of all others. */
  readonly usesTestGateway: boolean
}

const TEST_PREFIXES: Readonly<Record<GatewayName, string>> = {
  paystack: 'sk_test_',
  flutterwave: 'FLWSECK_TEST',
  yoco: 'sk_test_',
}

/** Whether a key moves play money: each gateway marks its keys. */
export const isTestKey = (name: GatewayName, secretKey: string): boolean =>
  secretKey.startsWith(TEST_PREFIXES[name])

/** What works, but not as an operator would want it; a line each, to be shown at the start. */
export function gatewayWarnings(settings: GatewaySettings, isDebug: boolean): string[] {
  const names = (['paystack', 'flutterwave', 'yoco'] as const).filter((name) => settings[name])
  if (settings.usesTestGateway)
    return names.map((name) => `TEST_GATEWAY is on: ${keyName(name)} is not used.`)
  const unsigned = (['flutterwave', 'yoco'] as const).filter(
    (name) => settings[name]?.webhookSecrets.length === 0,
  )
  const played = isDebug ? [] : names.filter((name) => isTestKey(name, settings[name]?.secretKey ?? ''))
  return [
    ...unsigned.map(
      (name) =>
        `${name.toUpperCase()}_WEBHOOK_SECRET is not set: webhooks of ${name} are refused, and payments are noticed only when it is asked.`,
    ),
    ...played.map(
      (name) => `${keyName(name)} is a test key: trips are driven for money that does not exist.`,
    ),
  ]
}

const keyName = (name: GatewayName): string => `${name.toUpperCase()}_SECRET_KEY`
