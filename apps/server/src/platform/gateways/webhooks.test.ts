import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { webhookOf } from '../../../test/gateways/samples/play-samples.ts'
import { readFlutterwaveWebhook, type FlutterwaveSignature } from './flutterwave-webhook.ts'
import type { WebhookReading } from './gateway.ts'
import { readPaystackWebhook } from './paystack-webhook.ts'
import { readYocoWebhook } from './yoco-webhook.ts'

const REFERENCE = 'toota-7d0f3c52-5a52-4b0e-9a53-0d2c5fbb9a10'
const TRANSFER = 'toota-po-9f0c1d5e-77aa-4c1e'
const CHECKOUT = 'ch_9LVKD8GnAj7f39DFbn4F16bE'
const FORGED: WebhookReading = { reading: 'forged' }
const UNSIGNED: WebhookReading = { reading: 'unsigned' }
const MALFORMED: WebhookReading = { reading: 'malformed' }
const hintIn = (reading: WebhookReading) => {
  if (reading.reading !== 'hint') throw new Error(`it is ${reading.reading}`)
  return reading.hint
}
/** What a framework makes of a body that it parsed and wrote again. */
const reserialized = (body: Buffer): Buffer =>
  Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1))

describe('a webhook of Paystack', () => {
  const KEY = 'sk_live_new'
  const sign = (body: Buffer, key = KEY) => createHmac('sha512', key).update(body).digest('hex')
  const read = (body: Buffer, signature: string | undefined, keys: readonly string[] = [KEY]) =>
    readPaystackWebhook(keys, signature === undefined ? {} : { 'x-paystack-signature': signature }, body)
  const body = webhookOf('paystack', 'charge-success')

  it('[GW11] counts when it is signed over its bytes as they came', () => {
    expect(read(body, sign(body)).reading).toBe('hint')
    const spaced = Buffer.from(`${body.toString()} \n`)
    expect(read(spaced, sign(spaced)).reading).toBe('hint')
    expect(read(spaced, sign(body))).toEqual(FORGED)
    expect(read(reserialized(body), sign(body))).toEqual(FORGED)
  })

  it.each([
    ['another key', sign(body, 'sk_live_other')],
    ['upper case', sign(body).toUpperCase()],
    ['base64', createHmac('sha512', KEY).update(body).digest('base64')],
    ['half of it', sign(body).slice(0, 64)],
    ['too much of it', `${sign(body)}00`],
    ['a space before it', ` ${sign(body)}`],
    ['two of it', `${sign(body)}, ${sign(body)}`],
    ['a shorter hash', createHmac('sha256', KEY).update(body).digest('hex')],
    ['the key itself', KEY],
    ['nothing', ''],
  ])('[GW11] %s is forged', (_, signature) => {
    expect(read(body, signature)).toEqual(FORGED)
  })

  it('[GW11] [GW14] none is unsigned; without a key nothing counts', () => {
    expect(read(body, undefined)).toEqual(UNSIGNED)
    expect(read(body, sign(body), [])).toEqual(FORGED)
    expect(read(body, sign(body, ''), [''])).toEqual(FORGED)
  })

  it('[GW14] the key before counts for a while, any other never', () => {
    expect(read(body, sign(body, 'sk_live_old'), [KEY, 'sk_live_old']).reading).toBe('hint')
    expect(read(body, sign(body), [KEY, 'sk_live_old']).reading).toBe('hint')
    expect(read(body, sign(body, 'sk_live_older'), [KEY, 'sk_live_old'])).toEqual(FORGED)
  })

  it.each([
    ['charge-success', 'charge.success', 'payment', REFERENCE, '4099260516'],
    ['bank-transfer-rejected', 'bank.transfer.rejected', 'payment', REFERENCE, '4099260518'],
    ['refund-pending', 'refund.pending', 'refund', REFERENCE, null],
    ['refund-processing', 'refund.processing', 'refund', REFERENCE, null],
    ['refund-processed', 'refund.processed', 'refund', REFERENCE, null],
    ['refund-failed', 'refund.failed', 'refund', REFERENCE, null],
    ['refund-needs-attention', 'refund.needs-attention', 'refund', REFERENCE, null],
    ['dispute-create', 'charge.dispute.create', 'dispute', REFERENCE, '4099260516'],
    ['dispute-remind', 'charge.dispute.remind', 'dispute', REFERENCE, '4099260516'],
    ['dispute-resolve', 'charge.dispute.resolve', 'dispute', REFERENCE, '4099260516'],
    ['transfer-success', 'transfer.success', 'transfer', TRANSFER, 'TRF_v5tip3zx8nna9o78'],
    ['transfer-failed', 'transfer.failed', 'transfer', TRANSFER, 'TRF_v5tip3zx8nna9o78'],
    ['transfer-reversed', 'transfer.reversed', 'transfer', TRANSFER, 'TRF_v5tip3zx8nna9o78'],
    ['unknown', 'customeridentification.success', 'nothing', null, null],
  ])('[GW1] [GW15] %s', (name, event, about, reference, gatewayId) => {
    const sample = webhookOf('paystack', name)
    expect(hintIn(read(sample, sign(sample)))).toMatchObject({ event, about, reference, gatewayId })
  })

  it('[GW15] a delivery again is the same, another event of the same payment is not', () => {
    const keys = [
      ...['charge-success', 'refund-pending', 'refund-processing', 'refund-processed', 'refund-failed'],
      ...['dispute-create', 'dispute-remind', 'transfer-success', 'transfer-failed', 'unknown'],
    ].map((name) => {
      const sample = webhookOf('paystack', name)
      const [once, again] = [1, 2].map(() => hintIn(read(sample, sign(sample))).dedupeKey)
      expect(again).toBe(once)
      return once
    })
    expect(keys[0]).toBe('charge.success:4099260516')
    expect(keys[3]).toBe('refund.processed:3018284:132013318360')
    expect(keys[2]).toBe(`refund.processing:${REFERENCE}:TRF_7pkcw2mfvlzgfgz`)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('[GW15] two refunds of one payment that are not yet named are two events', () => {
    const one = webhookOf('paystack', 'refund-pending')
    const two = Buffer.from(one.toString().replace('10283', '500'))
    expect(hintIn(read(one, sign(one))).dedupeKey).not.toBe(hintIn(read(two, sign(two))).dedupeKey)
  })

  it('[GW15] whatever its names are, the key fits its column', () => {
    const long = 'x'.repeat(100)
    const event = `refund.${'y'.repeat(53)}`
    const data = { id: long, transaction_reference: long, refund_reference: long }
    const sample = Buffer.from(JSON.stringify({ event, data: { ...data, id: null, reference: long } }))
    expect(hintIn(read(sample, sign(sample))).dedupeKey.length).toBeLessThanOrEqual(300)
  })

  it.each([
    '',
    'null',
    '[]',
    '{',
    '<html>',
    '{"event":"charge.success"}',
    '{"event":"a b\\n","data":{}}',
    '{"data":{}}',
  ])('[GW15] signed nonsense is malformed: %s', (text) => {
    const sample = Buffer.from(text)
    expect(read(sample, sign(sample))).toEqual(MALFORMED)
  })
})

describe('a webhook of Flutterwave', () => {
  const SECRET = 'the-secret-hash'
  const sign = (body: Buffer, secret = SECRET, encoding: 'base64' | 'hex' = 'base64') =>
    createHmac('sha256', secret).update(body).digest(encoding)
  const read = (
    body: Buffer,
    headers: Record<string, string>,
    signature: FlutterwaveSignature = 'base64',
    webhookSecrets: readonly string[] = [SECRET],
  ) => readFlutterwaveWebhook({ webhookSecrets, signature }, headers, body)
  const body = webhookOf('flutterwave', 'charge-completed')

  it('[GW12] counts by its signature, in the encoding that is set', () => {
    expect(read(body, { 'flutterwave-signature': sign(body) }).reading).toBe('hint')
    const hex = { 'flutterwave-signature': sign(body, SECRET, 'hex') }
    expect(read(body, hex, 'hex').reading).toBe('hint')
    expect(read(body, hex)).toEqual(FORGED)
    expect(read(body, { 'flutterwave-signature': sign(body) }, 'hex')).toEqual(FORGED)
    expect(read(body, { 'flutterwave-signature': sign(body) }, 'off')).toEqual(FORGED)
    expect(read(reserialized(body), { 'flutterwave-signature': sign(body) })).toEqual(FORGED)
  })

  it('[GW12] counts by the older secret in the clear, where there is no signature', () => {
    expect(read(body, { 'verif-hash': SECRET }).reading).toBe('hint')
    expect(read(body, { 'verif-hash': SECRET }, 'off').reading).toBe('hint')
    for (const hash of ['', 'x', SECRET.toUpperCase(), `${SECRET} `, `${SECRET}, ${SECRET}`, sign(body)])
      expect(read(body, { 'verif-hash': hash })).toEqual(FORGED)
    expect(read(body, {})).toEqual(UNSIGNED)
  })

  it('[GW12] a wrong signature is not made good by the right secret beside it', () => {
    for (const wrong of ['', 'x', SECRET, sign(body, 'other'), sign(body).toLowerCase(), `v1,${sign(body)}`])
      expect(read(body, { 'flutterwave-signature': wrong, 'verif-hash': SECRET })).toEqual(FORGED)
    expect(read(body, { 'flutterwave-signature': sign(body), 'verif-hash': SECRET }, 'off')).toEqual(FORGED)
    // Nor is a right one spoilt by a wrong secret: the older header does not count.
    expect(read(body, { 'flutterwave-signature': sign(body), 'verif-hash': 'x' }).reading).toBe('hint')
  })

  it('[GW14] without a secret nothing counts; while one is changed both do', () => {
    for (const secrets of [[], ['']]) {
      expect(read(body, { 'verif-hash': '' }, 'base64', secrets)).toEqual(FORGED)
      expect(read(body, { 'verif-hash': SECRET }, 'base64', secrets)).toEqual(FORGED)
      expect(read(body, { 'flutterwave-signature': sign(body, '') }, 'base64', secrets)).toEqual(FORGED)
    }
    for (const secret of ['new', 'old']) {
      expect(read(body, { 'verif-hash': secret }, 'base64', ['new', 'old']).reading).toBe('hint')
      const signed = { 'flutterwave-signature': sign(body, secret) }
      expect(read(body, signed, 'base64', ['new', 'old']).reading).toBe('hint')
    }
    expect(read(body, { 'verif-hash': 'older' }, 'base64', ['new', 'old'])).toEqual(FORGED)
  })

  it.each([
    ['charge-completed', 'charge.completed', 'payment', REFERENCE, '288200108', ':288200108:successful'],
    ['charge-failed', 'charge.completed', 'payment', REFERENCE, '288200108', ':288200108:failed'],
    ['transfer-completed', 'transfer.completed', 'transfer', TRANSFER, '396432', ':396432:successful'],
    ['refund', 'refund.completed', 'refund', null, '288200108', ':8612:completed'],
    ['v4-charge', 'charge.completed', 'payment', REFERENCE, 'chg_RDWwbNBWEz', ':chg_RDWwbNBWEz:succeeded'],
  ])('[GW1] [GW15] %s', (name, event, about, reference, gatewayId, key) => {
    const sample = webhookOf('flutterwave', name)
    const hint = { event, about, reference, gatewayId, dedupeKey: event + key }
    expect(hintIn(read(sample, { 'flutterwave-signature': sign(sample) }))).toEqual(hint)
  })

  it.each(['', '[]', '{"data":{}}', '{"event":"charge.completed"}', '{"event":7,"data":{}}'])(
    '[GW15] nonsense with the right secret is malformed: %s',
    (text) => {
      expect(read(Buffer.from(text), { 'verif-hash': SECRET })).toEqual(MALFORMED)
    },
  )
})

describe('a webhook of Yoco', () => {
  const NOW = new Date('2026-08-22T09:15:05Z')
  const SECRET = `whsec_${Buffer.from('a key of Yoco').toString('base64')}`
  const OTHER = `whsec_${Buffer.from('an older key').toString('base64')}`
  const sign = (body: Buffer, { secret = SECRET, at = NOW, id = 'msg_1' } = {}) => {
    const timestamp = String(Math.floor(at.getTime() / 1000))
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body)
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${hmac.digest('base64')}`,
    }
  }
  const read = (body: Buffer, headers: Record<string, string>, secrets: readonly string[] = [SECRET]) =>
    readYocoWebhook(secrets, headers, body, NOW)
  const body = webhookOf('yoco', 'payment-succeeded')
  const seconds = (delta: number) => new Date(NOW.getTime() + delta * 1000)

  it('[GW13] counts when id, time and body are signed', () => {
    const headers = sign(body)
    expect(read(body, headers).reading).toBe('hint')
    expect(read(reserialized(body), headers)).toEqual(FORGED)
    expect(read(body, { ...headers, 'webhook-id': 'msg_2' })).toEqual(FORGED)
    expect(read(body, { ...headers, 'webhook-timestamp': String(NOW.getTime() / 1000 + 1) })).toEqual(FORGED)
  })

  it('[GW13] an old one is a replay, and so is one from the future', () => {
    for (const delta of [-180, -60, 60, 180])
      expect(read(body, sign(body, { at: seconds(delta) })).reading).toBe('hint')
    for (const delta of [-181, 181, -3600, 86_400])
      expect(read(body, sign(body, { at: seconds(delta) }))).toEqual(FORGED)
  })

  it('[GW13] a time that is none counts as old, though it is signed', () => {
    const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64')
    for (const timestamp of ['', 'now', '1e99', 'NaN', '-1', ` ${NOW.getTime() / 1000}`]) {
      const hmac = createHmac('sha256', key).update(`msg_1.${timestamp}.`).update(body).digest('base64')
      const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp }
      expect(read(body, { ...headers, 'webhook-signature': `v1,${hmac}` })).toEqual(FORGED)
    }
  })

  it('[GW13] one of several signatures is enough, of a kind that is known', () => {
    const headers = sign(body)
    const { 'webhook-signature': signature } = headers
    const withSignature = (text: string) => read(body, { ...headers, 'webhook-signature': text })
    expect(withSignature(`v1,AAAA ${signature}`).reading).toBe('hint')
    expect(withSignature(`v1a,xyz ${signature} v1,BBBB`).reading).toBe('hint')
    for (const text of [
      '',
      signature.slice(3),
      `v2${signature.slice(2)}`,
      signature.toUpperCase(),
      `${signature}=`,
    ])
      expect(withSignature(text)).toEqual(FORGED)
  })

  it('[GW13] [GW14] any header missing is unsigned; without a secret nothing counts', () => {
    const headers = sign(body)
    for (const name of Object.keys(headers)) {
      const rest = Object.fromEntries(Object.entries(headers).filter(([one]) => one !== name))
      expect(read(body, rest)).toEqual(UNSIGNED)
    }
    for (const secrets of [[], [''], ['whsec_']])
      expect(read(body, sign(body, { secret: 'whsec_' }), secrets)).toEqual(FORGED)
  })

  it('[GW14] while a secret is changed both count', () => {
    for (const secret of [SECRET, OTHER])
      expect(read(body, sign(body, { secret }), [SECRET, OTHER]).reading).toBe('hint')
    expect(read(body, sign(body, { secret: OTHER }))).toEqual(FORGED)
  })

  it.each([
    ['payment-succeeded', 'payment.succeeded', 'payment', REFERENCE, CHECKOUT],
    ['payment-succeeded-bare', 'payment.succeeded', 'payment', null, CHECKOUT],
    ['payment-failed', 'payment.failed', 'payment', null, null],
    ['refund-succeeded', 'refund.succeeded', 'refund', null, CHECKOUT],
    ['refund-failed', 'refund.failed', 'refund', null, CHECKOUT],
  ])('[GW1] [GW15] %s', (name, event, about, reference, gatewayId) => {
    const sample = webhookOf('yoco', name)
    const hint = { dedupeKey: 'msg_1', event, about, reference, gatewayId }
    expect(hintIn(read(sample, sign(sample)))).toEqual(hint)
  })

  it.each(['', '[]', '{"type":"payment.succeeded"}', '{"payload":{}}'])(
    '[GW15] signed nonsense is malformed: %s',
    (text) => {
      const sample = Buffer.from(text)
      expect(read(sample, sign(sample))).toEqual(MALFORMED)
    },
  )
})
