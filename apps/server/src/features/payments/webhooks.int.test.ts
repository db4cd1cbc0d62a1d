import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createStage, makeDue, workOff, type Stage } from '../../../test/gateway-faults/stage.ts'
import { signatureHeaders } from '../../../test/gateways/signatures.ts'
import type { Webhook } from '../../../test/gateways/webhooks.ts'
import { auditLedger } from '../ledger/index.ts'
import { choosePayment } from './choose-payment.ts'
import { claimEvents } from './gateway-event-store.ts'
import type { Payment } from './model/payment.ts'
import { openPaymentPage } from './open-payment-page.ts'
import { findPaymentById } from './payment-store.ts'
import { receiveWebhook } from './receive-webhook.ts'
import { forgetEvents } from './work-off-events.ts'

const RETURN_URL = 'http://127.0.0.1:1/payment/verify/'

let stage: Stage
/** Payments that our client must fail on, as a fault of our own would. */
const cursed = new Set<string>()
const inStage = (gateway: Parameters<typeof createStage>[0]) => {
  beforeAll(async () => {
    stage = await createStage(gateway, {
      wrap: (real) => ({
        ...real,
        verifyPayment: (query) =>
          cursed.has(query.reference) ? Promise.reject(new Error('a bug')) : real.verifyPayment(query),
      }),
    })
  })
  afterEach(async () => {
    stage.control.reset()
    await sql`delete from gateway_event`.execute(stage.db.single)
    expect(await auditLedger(stage.platform)).toEqual([])
  })
  afterAll(() => stage.close())
}

/** A payment that is paid, and the webhook that says so. */
async function paid(): Promise<{ payment: Payment; webhook: Webhook }> {
  const [trip] = await stage.addTrips([23_456])
  const chosen = await choosePayment(stage.platform, trip!.customerId, trip!.tripId, 'card')
  const payment = await openPaymentPage(stage.platform, chosen.id, RETURN_URL)
  stage.control.pay({ gateway: stage.name, reference: payment.reference!, action: 'pay' })
  return { payment, webhook: stage.control.webhooksOf(payment.reference!)[0]! }
}

const receive = (webhook: Webhook, body = webhook.body) =>
  receiveWebhook(
    stage.platform,
    stage.name,
    signatureHeaders(webhook, stage.fake.secrets, 'v3'),
    Buffer.from(body),
  )

const statusOf = async ({ id }: Payment) => (await findPaymentById(stage.db.single, id))?.status
const chargesOf = ({ reference }: Payment) => stage.control.effectsOf(reference!).charges.length

type Kept = { attempts: number; dueIn: number | null }
const kept = async (): Promise<Kept[]> =>
  (
    await sql<Kept>`
      select attempts::int, ceil(extract(epoch from due_at - clock_timestamp()))::int as "dueIn" from gateway_event
      order by id`.execute(stage.db.single)
  ).rows

const verifications = (): number => {
  const { calls } = stage.control.effects()[stage.name]
  return (calls['verify'] ?? 0) + (calls['verify-by-reference'] ?? 0)
}
const verifyCalls = () =>
  stage.name === 'flutterwave'
    ? ['flutterwave.verify', 'flutterwave.verify-by-reference']
    : [`${stage.name}.verify`]

describe.each(['paystack', 'flutterwave', 'yoco'] as const)('webhooks of %s', (gateway) => {
  inStage(gateway)

  it('[PA15] [PA13] are kept once of fifty at the same time, and worked off once by five at once', async () => {
    const { payment, webhook } = await paid()
    const receipts = await Promise.all(Array.from({ length: 50 }, () => receive(webhook)))
    expect(new Set(receipts.map(({ receipt }) => receipt))).toEqual(new Set(['kept']))
    expect(await kept()).toHaveLength(1)
    await Promise.all(Array.from({ length: 5 }, () => workOff(stage.platform)))
    expect(await kept()).toEqual([{ attempts: 1, dueIn: null }])
    expect(await statusOf(payment)).toBe('success')
    expect([verifications(), chargesOf(payment)]).toEqual([1, 1])

    expect(await receive(webhook)).toMatchObject({ receipt: 'kept' })
    await workOff(stage.platform)
    expect(await kept()).toEqual([{ attempts: 1, dueIn: null }])
  })

  it('[PA15] are answered before anybody asks the gateway, also while it does not answer', async () => {
    const { payment, webhook } = await paid()
    for (const call of verifyCalls()) stage.control.faultCalls({ call, fault: 'reset-before', times: 2 })
    expect(await receive(webhook)).toMatchObject({ receipt: 'kept', about: 'payment' })
    expect([verifications(), await statusOf(payment)]).toEqual([0, 'pending'])
  })

  it('[PA15] are worked off by another when the first died with them', async () => {
    const { payment, webhook } = await paid()
    await receive(webhook)
    expect(await claimEvents(stage.db.single, 20, 60)).toMatchObject([{ attempt: 1, gateway }])
    await workOff(stage.platform)
    expect([await statusOf(payment), (await kept())[0]?.dueIn]).toEqual(['pending', 60])
    await makeDue.events(stage.db)
    await workOff(stage.platform)
    expect([await statusOf(payment), await kept()]).toEqual(['success', [{ attempts: 2, dueIn: null }]])
  })

  it('[PA15] are tried again while the gateway cannot be asked, and at last left to the sweep', async () => {
    const { payment, webhook } = await paid()
    await receive(webhook)
    for (const call of verifyCalls()) stage.control.faultCalls({ call, fault: '429', times: 99 })
    for (const [index, seconds] of [5, 30, 120, 600, 3_600, 21_600].entries()) {
      await makeDue.events(stage.db)
      await workOff(stage.platform)
      const [event] = await kept()
      expect(event?.attempts).toBe(index + 1)
      expect(event?.dueIn).toBeLessThanOrEqual(seconds)
      expect(event?.dueIn).toBeGreaterThan(seconds - 5)
    }
    await makeDue.events(stage.db)
    await workOff(stage.platform)
    expect(await kept()).toEqual([{ attempts: 7, dueIn: null }])
    expect(await statusOf(payment)).toBe('pending')
  })

  it('[PA15] do not keep one another from it where one cannot be worked off', async () => {
    const [bad, good] = [await paid(), await paid()]
    cursed.add(bad.payment.reference!)
    await receive(bad.webhook)
    await receive(good.webhook)
    await workOff(stage.platform)
    expect([await statusOf(bad.payment), await statusOf(good.payment)]).toEqual(['pending', 'success'])
    const [left, done] = await kept()
    expect([left?.dueIn === null, done?.dueIn]).toEqual([false, null])
  })
})

describe('a signature', () => {
  inStage('paystack')

  it('[PA15] is over the bytes that came, not over what they mean', async () => {
    const { webhook } = await paid()
    expect(await receive(webhook, `${webhook.body} `)).toEqual({ receipt: 'forged' })
    const respelled = JSON.stringify(JSON.parse(webhook.body), undefined, 1)
    expect(await receive(webhook, respelled)).toEqual({ receipt: 'forged' })
    expect(await receive(webhook)).toMatchObject({ receipt: 'kept' })
  })

  it('[PA15] of a gateway that is not set up is not looked at', async () => {
    const { webhook } = await paid()
    const headers = signatureHeaders(webhook, stage.fake.secrets, 'v3')
    const answer = receiveWebhook(stage.platform, 'yoco', headers, Buffer.from(webhook.body))
    expect(await answer).toEqual({ receipt: 'not-set-up' })
  })
})

describe('old events', () => {
  inStage('paystack')

  it('[PA15] are forgotten after a week, unless they wait to be worked off', async () => {
    const [old, waiting, recent] = [await paid(), await paid(), await paid()]
    await receive(old.webhook)
    await receive(recent.webhook)
    await workOff(stage.platform)
    await receive(waiting.webhook)
    const weekAgo = [old, waiting].map(({ payment }) => payment.reference)
    await sql`
      update gateway_event set received_at = clock_timestamp() - interval '8 days'
      where reference = any(${weekAgo}::text[])`.execute(stage.db.single)
    expect(await forgetEvents(stage.platform)).toBeGreaterThan(0)
    const left = await stage.db.single.selectFrom('gateway_event').select('reference').execute()
    expect(left.map(({ reference }) => reference).sort()).toEqual(
      [waiting, recent].map(({ payment }) => payment.reference).sort(),
    )
  })
})
