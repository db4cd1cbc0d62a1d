import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { at, order, orderAndPay, startMerchant, type Heard, type Merchant } from './test-merchant.ts'
import { GATEWAYS, type GatewayName } from './wire.ts'

const HOUR = 3600

/** Whether the signature is right, computed as the gateways' manuals say. */
function isSigned({ headers, body }: Heard, gateway: GatewayName, { secrets }: Merchant): boolean {
  if (gateway === 'paystack') {
    const expected = createHmac('sha512', secrets.paystack.secretKey).update(body).digest('hex')
    return headers['x-paystack-signature'] === expected
  }
  if (gateway === 'flutterwave') return headers['verif-hash'] === secrets.flutterwave.webhookSecret
  const key = Buffer.from(secrets.yoco.webhookSecret.slice('whsec_'.length), 'base64')
  const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}

const v4Signature = ({ body }: Heard, { secrets }: Merchant): string =>
  createHmac('sha256', secrets.flutterwave.webhookSecret).update(body).digest('base64')

async function firstHeard(
  gateway: GatewayName,
  forgery?: 'bad-signature' | 'no-signature' | 'tampered-body' | 'old-timestamp',
): Promise<{ readonly merchant: Merchant; readonly heard: Heard }> {
  const merchant = await startMerchant()
  if (forgery) merchant.control.faultWebhooks({ forgery })
  await orderAndPay(merchant, gateway, 'trip-1')
  await merchant.control.settled()
  return { merchant, heard: merchant.heard[0]! }
}

describe('signatures', () => {
  it.each(GATEWAYS)('[FG17] %s signs', async (gateway) => {
    const { merchant, heard } = await firstHeard(gateway)
    expect(heard.path).toBe(`/payment/${gateway}/webhook/`)
    expect(heard.headers['content-type']).toBe('application/json')
    expect(isSigned(heard, gateway, merchant)).toBe(true)
  })

  it('[FG17] Yoco signs the time of the wall clock, and names the event the same each time', async () => {
    const merchant = await startMerchant()
    merchant.answerWith(500)
    await orderAndPay(merchant, 'yoco', 'trip-1')
    await merchant.control.advance(HOUR)
    const [first, second] = merchant.heard
    expect(first?.headers['webhook-id']).toMatch(/^msg_/)
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    const age = Math.abs(Date.now() / 1000 - Number(second?.headers['webhook-timestamp']))
    expect(age).toBeLessThan(60)
  })

  it.each([
    ['v3', true, false],
    ['v4', false, true],
    ['both', true, true],
  ] as const)('[FG17] Flutterwave signs as %s', async (flutterwaveSigning, hasHash, hasHmac) => {
    const merchant = await startMerchant({ flutterwaveSigning })
    await orderAndPay(merchant, 'flutterwave', 'trip-1')
    await merchant.control.settled()
    const heard = merchant.heard[0]!
    expect(heard.headers['verif-hash']).toBe(hasHash ? merchant.secrets.flutterwave.webhookSecret : undefined)
    expect(heard.headers['flutterwave-signature']).toBe(hasHmac ? v4Signature(heard, merchant) : undefined)
  })

  it.each(GATEWAYS)('[FG18] a wrong signature of %s', async (gateway) => {
    const { merchant, heard } = await firstHeard(gateway, 'bad-signature')
    const right = (await firstHeard(gateway)).heard
    expect(Object.keys(heard.headers)).toEqual(Object.keys(right.headers))
    expect(isSigned(heard, gateway, merchant)).toBe(false)
  })

  it('[FG18] a wrong v4 signature beside a right hash', async () => {
    const merchant = await startMerchant({ flutterwaveSigning: 'both' })
    merchant.control.faultWebhooks({ forgery: 'bad-signature' })
    await orderAndPay(merchant, 'flutterwave', 'trip-1')
    await merchant.control.settled()
    const heard = merchant.heard[0]!
    expect(isSigned(heard, 'flutterwave', merchant)).toBe(true)
    expect(heard.headers['flutterwave-signature']).not.toBe(v4Signature(heard, merchant))
  })

  it.each(GATEWAYS)('[FG18] no signature of %s', async (gateway) => {
    const { heard } = await firstHeard(gateway, 'no-signature')
    expect(Object.keys(heard.headers).filter((name) => /signature|hash|webhook/.test(name))).toEqual([])
  })

  it.each(GATEWAYS)('[FG18] a body of %s that was changed', async (gateway) => {
    const { merchant, heard } = await firstHeard(gateway, 'tampered-body')
    const amount = at(JSON.parse(heard.body), gateway === 'yoco' ? 'payload.amount' : 'data.amount')
    expect(amount).toBe(gateway === 'flutterwave' ? 9300.5 : 930050)
    expect(isSigned(heard, gateway, merchant)).toBe(gateway === 'flutterwave')
  })

  it('[FG18] a signature that is ten minutes old', async () => {
    const { merchant, heard } = await firstHeard('yoco', 'old-timestamp')
    expect(isSigned(heard, 'yoco', merchant)).toBe(true)
    expect(Date.now() / 1000 - Number(heard.headers['webhook-timestamp'])).toBeGreaterThan(590)
  })
})

describe('what goes wrong on the way', () => {
  it('[FG19] one comes three times', async () => {
    const merchant = await startMerchant()
    merchant.control.faultWebhooks({ gateway: 'paystack', event: 'charge.success', times: 3 })
    await orderAndPay(merchant, 'paystack', 'trip-1')
    await orderAndPay(merchant, 'paystack', 'trip-2')
    await merchant.control.settled()
    const references = merchant.events('charge.success').map((event) => at(event, 'data.reference'))
    expect(references.sort()).toEqual(['trip-1', 'trip-1', 'trip-1', 'trip-2'])
  })

  it('[FG19] one comes late', async () => {
    const merchant = await startMerchant()
    merchant.control.faultWebhooks({ reference: 'trip-1', delaySeconds: 600 })
    await orderAndPay(merchant, 'paystack', 'trip-1')
    await merchant.control.advance(599)
    expect(merchant.heard).toEqual([])
    await merchant.control.advance(1)
    expect(merchant.heard).toHaveLength(1)
  })

  it('[FG19] two come after the next', async () => {
    const merchant = await startMerchant()
    merchant.control.faultWebhooks({ reorder: true, next: 2 })
    for (const reference of ['trip-1', 'trip-2', 'trip-3']) await orderAndPay(merchant, 'paystack', reference)
    await merchant.control.settled()
    expect(merchant.events('charge.success').map((event) => at(event, 'data.reference'))).toEqual([
      'trip-3',
      'trip-1',
      'trip-2',
    ])
  })

  it('[FG19] one never comes', async () => {
    const merchant = await startMerchant()
    merchant.control.faultWebhooks({ drop: true })
    await orderAndPay(merchant, 'paystack', 'trip-1')
    await merchant.control.advance(100 * HOUR)
    expect(merchant.heard).toEqual([])
    expect(merchant.control.webhooksOf('trip-1')).toMatchObject([{ state: 'dropped', statuses: [] }])
  })

  it.each(GATEWAYS)('[FG19] that of %s comes before the order is answered', async (gateway) => {
    for (const automaticWebhooks of [true, false]) {
      const merchant = await startMerchant({ automaticWebhooks })
      merchant.control.faultCalls({ call: `${gateway}.initialize`, fault: 'before-init-response' })
      const ordered = order(merchant, gateway, 'trip-1').then(() => merchant.heard.length)
      expect(await ordered).toBe(1)
      expect(merchant.control.effectsOf('trip-1').charges).toHaveLength(1)
    }
  })
})

describe('retries', () => {
  /** After how many seconds each attempt came, while nothing was taken. */
  async function attemptsOf(gateway: GatewayName, hours: number): Promise<number[]> {
    const merchant = await startMerchant()
    merchant.answerWith(503)
    await orderAndPay(merchant, gateway, 'trip-1')
    await merchant.control.settled()
    const at = [0]
    for (let minute = 1; minute <= hours * 60; minute += 1) {
      await merchant.control.advance(60)
      while (at.length < merchant.heard.length) at.push(minute)
    }
    expect(merchant.control.webhooksOf('trip-1')).toMatchObject([{ state: 'given-up' }])
    return at
  }

  it('[FG20] Paystack: every three minutes, then every hour', async () => {
    const attempts = await attemptsOf('paystack', 80)
    expect(attempts.slice(0, 7)).toEqual([0, 3, 6, 9, 12, 72, 132])
    expect(attempts).toHaveLength(1 + 4 + 72)
  })

  it('[FG20] Flutterwave: three times', async () => {
    expect(await attemptsOf('flutterwave', 3)).toEqual([0, 30, 60, 90])
  })

  it('[FG20] Yoco: further and further apart', async () => {
    expect(await attemptsOf('yoco', 30)).toEqual([0, 1, 6, 36, 156, 456, 1056, 1656])
  })

  it.each([
    ['paystack', 201, false],
    ['flutterwave', 204, false],
    ['yoco', 204, true],
    ['yoco', 302, false],
  ] as const)('[FG20] %s does not take every answer for yes: %d', async (gateway, status, isTaken) => {
    const merchant = await startMerchant()
    merchant.answerWith(status)
    await orderAndPay(merchant, gateway, 'trip-1')
    await merchant.control.settled()
    expect(merchant.control.pendingWebhooks()).toHaveLength(isTaken ? 0 : 1)
    merchant.answerWith(200)
    await merchant.control.advance(100 * HOUR)
    expect(merchant.heard).toHaveLength(isTaken ? 1 : 2)
    expect(merchant.control.webhooksOf('trip-1')[0]?.state).toBe('delivered')
  })
})

describe('by hand', () => {
  it('[FG21] any number, in any order, again and again', async () => {
    const merchant = await startMerchant({ automaticWebhooks: false })
    await orderAndPay(merchant, 'paystack', 'trip-1')
    await orderAndPay(merchant, 'paystack', 'trip-2')
    await merchant.control.advance(100 * HOUR)
    expect(merchant.heard).toEqual([])
    const [first, second] = merchant.control.pendingWebhooks()
    const { control } = merchant

    expect(await control.deliverWebhook({ id: second!.id })).toEqual({ statuses: [200] })
    expect(await control.deliverWebhook({ id: first!.id, times: 2 })).toEqual({ statuses: [200, 200] })
    merchant.answerWith(401)
    expect(await control.deliverWebhook({ id: second!.id, fault: 'bad-signature' })).toEqual({
      statuses: [401],
    })
    expect(merchant.control.pendingWebhooks()).toEqual([])
    expect(merchant.events('charge.success').map((event) => at(event, 'data.reference'))).toEqual([
      'trip-2',
      'trip-1',
      'trip-1',
      'trip-2',
    ])
    expect(merchant.control.webhooksOf('trip-2')).toMatchObject([{ statuses: [200, 401] }])
  })

  it('[FG21] a kept connection that was closed meanwhile is no answer', async () => {
    const merchant = await startMerchant({ automaticWebhooks: false })
    const used = new WeakSet<Socket>()
    const shop = createServer(({ socket }, response) => {
      if (used.has(socket)) socket.resetAndDestroy()
      else response.end()
      used.add(socket)
    })
    onTestFinished(() => void shop.close())
    await once(shop.listen(0, '127.0.0.1'), 'listening')
    merchant.control.setWebhooks({ paystack: `http://127.0.0.1:${(shop.address() as AddressInfo).port}/` })
    await orderAndPay(merchant, 'paystack', 'trip-1')
    const [webhook] = merchant.control.pendingWebhooks('trip-1')
    for (let time = 1; time <= 3; time += 1)
      expect(await merchant.control.deliverWebhook({ id: webhook!.id })).toEqual({ statuses: [200] })
  })

  it('[FG21] nobody there is a status of 0', async () => {
    const merchant = await startMerchant({ automaticWebhooks: false })
    merchant.control.setWebhooks({ paystack: 'http://127.0.0.1:9/' })
    await orderAndPay(merchant, 'paystack', 'trip-1')
    const [webhook] = merchant.control.pendingWebhooks('trip-1')
    expect(await merchant.control.deliverWebhook({ id: webhook!.id })).toEqual({ statuses: [0] })
    expect(merchant.control.pendingWebhooks('trip-1')).toHaveLength(1)
    await expect(merchant.control.deliverWebhook({ id: 'msg_none' })).rejects.toThrow('no webhook msg_none')
  })
})
