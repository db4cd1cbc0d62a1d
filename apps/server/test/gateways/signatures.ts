import { createHmac } from 'node:crypto'
import type { GatewayName } from './wire.ts'

/** The keys of the three gateways, and what they sign webhooks with; Paystack has one key for both. */
export type Secrets = {
  readonly paystack: { readonly secretKey: string }
  readonly flutterwave: { readonly secretKey: string; readonly webhookSecret: string }
  readonly yoco: { readonly secretKey: string; readonly webhookSecret: string }
}

/** What the fake takes unless it is told others. They open nothing real. */
export const FAKE_SECRETS: Secrets = {
  paystack: { secretKey: 'sk_test_fakepaystack0000000000000000000000000000' },
  flutterwave: {
    secretKey: 'FLWSECK_TEST-fakeflutterwave0000000000000000-X',
    webhookSecret: 'fake-flutterwave-secret-hash',
  },
  yoco: {
    secretKey: 'sk_test_yocofake00000000000000000000',
    webhookSecret: `whsec_${Buffer.from('fake-yoco-webhook-secret').toString('base64')}`,
  },
}

/** How Flutterwave signs: v3 sends the secret itself, v4 an HMAC of the body. */
export type FlutterwaveSigning = 'v3' | 'v4' | 'both'

/** How a delivery may be wrong. With Flutterwave's `both`, `bad-signature` spoils that of v4 alone. */
export const FORGERIES = ['bad-signature', 'no-signature', 'tampered-body', 'old-timestamp'] as const
export type Forgery = (typeof FORGERIES)[number]

/** A webhook as far as it is signed. */
export type Signable = { readonly id: string; readonly gateway: GatewayName; readonly body: string }

/** The headers that the gateway signs this body with. */
export function signatureHeaders(
  { id, gateway, body }: Signable,
  secrets: Secrets,
  signing: FlutterwaveSigning,
  forgery?: Forgery,
): Record<string, string> {
  if (forgery === 'no-signature') return {}
  const spoil = (secret: string): string => (forgery === 'bad-signature' ? `not-${secret}` : secret)
  switch (gateway) {
    case 'paystack':
      return {
        'x-paystack-signature': hmac('sha512', spoil(secrets.paystack.secretKey), body).toString('hex'),
      }
    case 'flutterwave': {
      const secret = secrets.flutterwave.webhookSecret
      const plain = { 'verif-hash': signing === 'v3' ? spoil(secret) : secret }
      const signed = { 'flutterwave-signature': hmac('sha256', spoil(secret), body).toString('base64') }
      return { ...(signing === 'v4' ? {} : plain), ...(signing === 'v3' ? {} : signed) }
    }
    case 'yoco': {
      const key = Buffer.from(secrets.yoco.webhookSecret.replace(/^whsec_/, ''), 'base64')
      // The wall clock, not the fake's: the receiver compares it with its own, which nobody advances.
      const timestamp = Math.floor(Date.now() / 1000) - (forgery === 'old-timestamp' ? 600 : 0)
      const signature = hmac(
        'sha256',
        forgery === 'bad-signature' ? 'not-the-key' : key,
        `${id}.${timestamp}.${body}`,
      )
      return {
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': `v1,${signature.toString('base64')}`,
      }
    }
  }
}

/** The same body with another amount, as somebody on the way could make it. */
export const tamper = (body: string): string => body.replace(/("amount":"?)(\d)/, '$19$2')

const hmac = (algorithm: string, key: string | Buffer, text: string): Buffer =>
  createHmac(algorithm, key).update(text).digest()
