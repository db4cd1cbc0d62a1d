import { expect, it } from 'vitest'
import { order, pageOf, startMerchant, type Answer, type Merchant } from './test-merchant.ts'
import { GATEWAYS, type GatewayName } from './wire.ts'

const press = (page: string, action: string): Promise<Response> =>
  fetch(page, { method: 'POST', body: new URLSearchParams({ action }), redirect: 'manual' })

/** Where a browser is sent that presses a button, with what the gateway adds in order. */
async function sentTo(merchant: Merchant, gateway: GatewayName, action: string): Promise<string | null> {
  const response = await press(pageOf(await order(merchant, gateway, `trip-${action}`)), action)
  expect(response.status).toBe(303)
  return response.headers.get('location')
}

it.each([
  ['paystack', 'Paystack', 'ZAR 300.50', 'thandi@example.com'],
  ['flutterwave', 'Flutterwave', 'NGN 300.50', 'ada@example.com'],
  ['yoco', 'Yoco', 'ZAR 300.50', '–'],
] as const)('[FG15] the page of %s', async (gateway, title, amount, email) => {
  const merchant = await startMerchant()
  const response = await fetch(pageOf(await order(merchant, gateway, 'trip-1')))
  const html = await response.text()

  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  for (const text of ['TEST GATEWAY – no real money', `Plays ${title}`, amount, email, 'trip-1', 'lang="en"'])
    expect(html).toContain(text)
  expect([...html.matchAll(/<button name="action" value="(\w+)"/g)].map(([, action]) => action)).toEqual([
    'pay',
    'decline',
    'cancel',
  ])
  expect(html).not.toMatch(/<script|<link|<img|src=|url\(|@import/)
})

it('[FG15] what a merchant wrote is shown, not run', async () => {
  const merchant = await startMerchant()
  const ordered = await merchant.post('/flutterwave/v3/payments', {
    tx_ref: '"><script>alert(1)</script>',
    amount: 1,
    customer: { email: 'a@example.com' },
  })
  const html = await (await fetch(pageOf(ordered))).text()
  expect(html).not.toContain('<script>')
  expect(html).toContain('&#60;script&#62;')
})

it('[FG15] a paid page takes no more money, and an unknown one none', async () => {
  const merchant = await startMerchant()
  const page = pageOf(await order(merchant, 'paystack', 'trip-1'))
  await press(page, 'pay')
  const html = await (await fetch(page)).text()
  expect(html).toContain('This payment is paid.')
  expect(html).toContain('https://toota.example/back?trip=7&#38;trxref=trip-1&#38;reference=trip-1')
  expect(html).not.toContain('<button')

  expect((await fetch(`${merchant.url}/pay/paystack/nowhere`)).status).toBe(404)
  expect((await press(page, 'steal')).status).toBe(404)
  expect((await fetch(`${merchant.url}/`)).status).toBe(404)
})

it.each([undefined, 'back'])(
  '[FG15] to the address %s nobody is sent: the page says what came of it',
  async (url) => {
    const merchant = await startMerchant()
    const ordered: Answer = await merchant.post('/flutterwave/v3/payments', {
      tx_ref: 'trip-1',
      amount: 1,
      redirect_url: url,
      customer: { email: 'a@example.com' },
    })
    const response = await press(pageOf(ordered), 'pay')
    expect([response.status, await response.text()]).toEqual([
      200,
      expect.stringContaining('This payment is paid.') as unknown,
    ])
  },
)

it('[FG16] Paystack sends back with the reference twice, whatever happened', async () => {
  const merchant = await startMerchant()
  for (const action of ['pay', 'decline', 'cancel'])
    expect(await sentTo(merchant, 'paystack', action)).toBe(
      `https://toota.example/back?trip=7&trxref=trip-${action}&reference=trip-${action}`,
    )
})

it('[FG16] Paystack cancels to where the metadata says', async () => {
  const merchant = await startMerchant()
  const ordered = await merchant.post('/paystack/transaction/initialize', {
    email: 'thandi@example.com',
    amount: 100,
    callback_url: 'https://toota.example/back',
    metadata: { cancel_action: 'https://toota.example/cancelled' },
  })
  const response = await press(pageOf(ordered), 'cancel')
  expect(response.headers.get('location')).toBe('https://toota.example/cancelled')
})

it('[FG16] Flutterwave sends back with a status, and with a transaction if there is one', async () => {
  const merchant = await startMerchant()
  const back = 'https://toota.example/back?trip=7'
  const idOf = (reference: string): unknown => merchant.control.effectsOf(reference).charges[0]?.id
  expect(await sentTo(merchant, 'flutterwave', 'pay')).toBe(
    `${back}&status=successful&tx_ref=trip-pay&transaction_id=${String(idOf('trip-pay'))}`,
  )
  expect(await sentTo(merchant, 'flutterwave', 'decline')).toMatch(
    /&status=failed&tx_ref=trip-decline&transaction_id=\d+$/,
  )
  expect(await sentTo(merchant, 'flutterwave', 'cancel')).toBe(`${back}&status=cancelled&tx_ref=trip-cancel`)
})

it('[FG16] Yoco has three addresses and adds nothing', async () => {
  const merchant = await startMerchant()
  expect(await sentTo(merchant, 'yoco', 'pay')).toBe('https://toota.example/success')
  expect(await sentTo(merchant, 'yoco', 'decline')).toBe('https://toota.example/failure')
  expect(await sentTo(merchant, 'yoco', 'cancel')).toBe('https://toota.example/cancel')
})

it.each(GATEWAYS)('[FG16] who abandons %s is sent back as if he had cancelled', async (gateway) => {
  const merchant = await startMerchant()
  merchant.control.setScript({ script: 'abandon-then-late-success' })
  const cancelled = await sentTo(merchant, gateway, 'cancel')
  const abandoned = await sentTo(merchant, gateway, 'pay')
  expect(abandoned?.replaceAll('trip-pay', 'trip-cancel')).toBe(cancelled)
})
