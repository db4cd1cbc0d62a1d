import type { GatewaySettings } from './gateway-settings.ts'

/** Keys of the test gateway that comes along. They are published here: it runs on the operator's own machine, in DEBUG only. */
export const TEST_GATEWAY_KEYS = {
  paystackSecretKey: 'sk_test_toota_fake',
  flutterwaveSecretKey: 'FLWSECK_TEST-toota-fake-X',
  flutterwaveWebhookSecret: 'toota-fake-hash',
  yocoSecretKey: 'sk_test_toota_fake_yoco',
  yocoWebhookSecret: 'whsec_dG9vdGEtZmFrZS15b2NvLXNlY3JldA==',
} as const

/** All three gateways at a test gateway that runs at `url`. */
export function testGatewaySettings(
  url: string,
): Required<Pick<GatewaySettings, 'paystack' | 'flutterwave' | 'yoco'>> {
  const base = url.replace(/\/+$/, '')
  return {
    paystack: {
      baseUrl: `${base}/paystack`,
      secretKey: TEST_GATEWAY_KEYS.paystackSecretKey,
      previousSecretKey: undefined,
    },
    flutterwave: {
      baseUrl: `${base}/flutterwave/v3`,
      secretKey: TEST_GATEWAY_KEYS.flutterwaveSecretKey,
      webhookSecrets: [TEST_GATEWAY_KEYS.flutterwaveWebhookSecret],
      signature: 'base64',
    },
    yoco: {
      baseUrl: `${base}/yoco`,
      secretKey: TEST_GATEWAY_KEYS.yocoSecretKey,
      webhookSecrets: [TEST_GATEWAY_KEYS.yocoWebhookSecret],
    },
  }
}
