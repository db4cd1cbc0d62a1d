import { describe, expect, it } from 'vitest'
import { SETTLE_SECONDS } from './scripts.ts'
import { at, startMerchant, type Merchant } from './test-merchant.ts'

/** A recipient's code. */
async function recipientOf(merchant: Merchant): Promise<string> {
  const { body } = await merchant.post('/paystack/transferrecipient', {
    type: 'basa',
    name: 'Sipho Dlamini',
    account_number: '0123456789',
    bank_code: '250655',
    currency: 'ZAR',
  })
  return String(at(body, 'data.recipient_code'))
}

describe('Paystack', () => {
  it('[FG6] a reference makes one transfer', async () => {
    const merchant = await startMerchant()
    const recipient = await recipientOf(merchant)
    expect(recipient).toMatch(/^RCP_[a-z0-9]{15}$/)
    expect(await recipientOf(merchant)).toBe(recipient)
    const reference = 'payout-0000-0001'
    const send = () =>
      merchant.post('/paystack/transfer', { source: 'balance', amount: 20000, recipient, reference })
    expect(await merchant.get(`/paystack/transfer/verify/${reference}`)).toEqual({
      status: 404,
      body: { status: false, message: 'Transfer not found' },
    })

    const [first, second] = [await send(), await send()]
    expect(first.body).toMatchObject({ status: true, data: { status: 'pending', reference, amount: 20000 } })
    expect(second.body).toEqual(first.body)
    await merchant.control.advance(SETTLE_SECONDS)
    const { body } = await merchant.get(`/paystack/transfer/verify/${reference}`)
    expect(at(body, 'data.status')).toBe('success')
    expect(at(body, 'data.recipient.details.account_number')).toBe('0123456789')
    expect(at(merchant.events('transfer.success')[0], 'data.integration.is_live')).toBe(false)
    expect(merchant.control.effectsOf(reference).transfers).toHaveLength(1)
  })

  it.each(['Payout-0000-00001', 'payout.0000.00001', 'payout-00000001'])(
    '[FG6] the reference %s is refused',
    async (reference) => {
      const merchant = await startMerchant()
      const recipient = await recipientOf(merchant)
      const refused = { source: 'balance', amount: 20000, recipient, reference }
      expect((await merchant.post('/paystack/transfer', refused)).status).toBe(400)
      expect(merchant.control.effectsOf(reference).transfers).toEqual([])
    },
  )

  it('[FG6] nobody is paid who was not introduced', async () => {
    const merchant = await startMerchant()
    const order = { source: 'balance', amount: 20000, recipient: 'RCP_x', reference: 'payout-0000-0001' }
    expect(await merchant.post('/paystack/transfer', order)).toMatchObject({
      status: 400,
      body: { message: 'Recipient specified is invalid', code: 'invalid_transfer_recipient' },
    })
  })

  it.each([
    ['transfer-failed', ['failed'], ['transfer.failed']],
    ['transfer-reversed', ['reversed'], ['transfer.success', 'transfer.reversed']],
    ['transfer-otp', ['otp'], []],
  ] as const)('[FG26] %s', async (script, statuses, events) => {
    const merchant = await startMerchant()
    merchant.control.setScript({ script, times: 1 })
    const [recipient, reference] = [await recipientOf(merchant), 'payout-0000-0001']
    await merchant.post('/paystack/transfer', { source: 'balance', amount: 20000, recipient, reference })
    await merchant.control.advance(24 * 3600)

    const { body } = await merchant.get(`/paystack/transfer/verify/${reference}`)
    expect([at(body, 'data.status')]).toEqual(statuses)
    expect(merchant.heard.map(({ body: text }) => at(JSON.parse(text), 'event'))).toEqual(events)
  })
})

describe('Flutterwave', () => {
  const ORDER_OUT = {
    account_bank: '044',
    account_number: '0690000040',
    amount: 200.5,
    currency: 'NGN',
    reference: 'payout-0000-0001',
    narration: 'Week 7',
  }

  it('[FG10] one is new, then successful, and found both ways', async () => {
    const merchant = await startMerchant()
    const { body } = await merchant.post(`/flutterwave/v3/transfers`, ORDER_OUT)
    expect(body).toMatchObject({
      message: 'Transfer Queued Successfully',
      data: {
        status: 'NEW',
        reference: 'payout-0000-0001',
        amount: 200.5,
        bank_code: '044',
        narration: 'Week 7',
      },
    })
    expect(await merchant.post(`/flutterwave/v3/transfers`, ORDER_OUT)).toEqual({
      status: 400,
      body: { status: 'error', message: 'Transfer with reference already exists', data: null },
    })
    await merchant.control.advance(SETTLE_SECONDS)

    const found = await merchant.get(`/flutterwave/v3/transfers/${String(at(body, 'data.id'))}`)
    expect(at(found.body, 'data.status')).toBe('SUCCESSFUL')
    const listed = await merchant.get(`/flutterwave/v3/transfers?reference=payout-0000-0001&page=1`)
    expect(listed.body['data']).toEqual([found.body['data']])
    expect((await merchant.get(`/flutterwave/v3/transfers?reference=other`)).body['data']).toEqual([])
    expect(merchant.events('transfer.completed')).toMatchObject([
      {
        'event.type': 'Transfer',
        data: { status: 'SUCCESSFUL', fullname: 'Test beneficiary', approver: null },
      },
    ])
  })

  it('[FG26] one that fails says so', async () => {
    const merchant = await startMerchant()
    merchant.control.setScript({ script: 'transfer-failed', reference: 'payout-0000-0001' })
    await merchant.post(`/flutterwave/v3/transfers`, ORDER_OUT)
    await merchant.control.advance(SETTLE_SECONDS)
    expect(merchant.events('transfer.completed')).toMatchObject([
      { data: { status: 'FAILED', complete_message: 'DISBURSE FAILED: Transaction failed' } },
    ])
    expect(merchant.control.effectsOf('payout-0000-0001').transfers).toEqual([])
  })
})
