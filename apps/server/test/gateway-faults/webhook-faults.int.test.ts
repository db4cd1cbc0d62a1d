import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { auditLedger } from '../../src/features/ledger/index.ts'
import { choosePayment, openPaymentPage, type Payment } from '../../src/features/payments/index.ts'
import { findPaymentById } from '../../src/features/payments/payment-store.ts'
import { RETRY_SECONDS } from '../gateways/webhooks.ts'
import { RETURN_URL } from './play.ts'
import { startReceiver, type Receiver } from './receiver.ts'
import { createStage, makeDue, sweepPayments, workOff, type Stage } from './stage.ts'
import { WEBHOOK_FAULTS, type WebhookRow } from './webhook-faults.ts'

const FARE = 23_456

let stage: Stage
let receiver: Receiver

async function choose(): Promise<Payment> {
  const [trip] = await stage.addTrips([FARE])
  const chosen = await choosePayment(stage.platform, trip!.customerId, trip!.tripId, 'card')
  return openPaymentPage(stage.platform, chosen.id, RETURN_URL)
}

const statusOf = async ({ id }: Payment) => (await findPaymentById(stage.db.single, id))?.status

const pay = ({ reference }: Payment, action: 'pay' | 'decline' = 'pay') =>
  stage.control.pay({ gateway: stage.name, reference: reference!, action })

const webhooksOf = ({ reference }: Payment) => stage.control.webhooksOf(reference!)

async function eventsOf({ reference }: Payment): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from gateway_event where reference = ${reference}`.execute(stage.db.single)
  return rows[0]!.n
}

async function expectPaidOnce(payment: Payment): Promise<void> {
  expect(await statusOf(payment)).toBe('success')
  const { charges, refunds } = stage.control.effectsOf(payment.reference!)
  expect([charges.length, refunds.length]).toEqual([1, 0])
  const { rows } = await sql<{ booked: number; held: number }>`
    select (select count(*)::int from charge where payment_id = ${payment.id}) as booked,
      (select balance_minor::int from ledger_account join trip on customer_id::text = owner
       where trip.id = ${payment.tripId} and kind = 'held') as held`.execute(stage.db.single)
  expect(rows[0]).toEqual({ booked: 1, held: FARE })
}

/** Time passes as the gateway's schedule wants it, and nothing comes before. */
async function letTimePass({ later, laterSeconds }: WebhookRow, payment: Payment): Promise<void> {
  const gaps = laterSeconds === undefined ? RETRY_SECONDS[stage.name].slice(0, later.length) : [laterSeconds]
  const [webhook] = webhooksOf(payment)
  for (const seconds of gaps) {
    const before = webhook!.statuses.length
    await stage.pass(seconds - 1)
    if (laterSeconds === undefined) expect(webhook!.statuses).toHaveLength(before)
    await stage.pass(1)
  }
  await stage.control.settled()
}

describe.each(['paystack', 'flutterwave', 'yoco'] as const)('webhooks of %s', (gateway) => {
  beforeAll(async () => {
    stage = await createStage(gateway)
    receiver = await startReceiver(stage.platform)
  })
  beforeEach(() => {
    stage.control.reset()
    receiver.answerFirst([])
    const url = `${receiver.url}/payment/${gateway}/webhook/`
    stage.control.setWebhooks({ [gateway]: url, automatic: true, flutterwaveSigning: 'v3' })
  })
  afterAll(async () => {
    expect(await auditLedger(stage.platform)).toEqual([])
    await receiver.close()
    await stage.close()
  })

  const rows = WEBHOOK_FAULTS.filter(({ on }) => !on || on.includes(gateway)).map(
    (row) => [row.words, row] as const,
  )

  it.each(rows)('[PA15] [PA13] a webhook, and what is paid is paid once: %s', async (_words, row) => {
    const { rule, down = [], isBeforePage, atOnce, later, paidBy, signing } = row
    if (rule) stage.control.faultWebhooks({ gateway, ...rule })
    if (signing) stage.control.setWebhooks({ flutterwaveSigning: signing })
    if (isBeforePage)
      stage.control.faultCalls({ call: `${gateway}.initialize`, fault: 'before-init-response' })
    receiver.answerFirst(down)

    const payment = await choose()
    if (!isBeforePage) pay(payment)
    await stage.control.settled()
    const [webhook] = webhooksOf(payment)
    expect(webhook?.statuses).toEqual(atOnce)
    await workOff(stage.platform)
    expect(await statusOf(payment)).toBe(paidBy === 'the webhook' ? 'success' : 'pending')

    await letTimePass(row, payment)
    if (later.length > 0) expect(webhook?.statuses).toEqual([...atOnce, ...later])
    await workOff(stage.platform)
    expect(await statusOf(payment)).toBe(paidBy === 'the sweep' ? 'pending' : 'success')

    await makeDue.payments(stage.db, [payment.tripId])
    await sweepPayments(stage.platform)
    await expectPaidOnce(payment)
    expect(await eventsOf(payment)).toBe(paidBy === 'the sweep' ? 0 : 1)
    expect(webhook?.state).not.toBe('pending')
  })

  it('[PA15] one about a payment of nobody is not kept', async () => {
    const payment = await choose()
    await sql`update gateway_event set due_at = null`.execute(stage.db.single)
    stage.control.setScript({ script: 'other-reference', reference: payment.reference! })
    pay(payment)
    await stage.control.settled()
    // Yoco's names its checkout as well, and that is ours.
    expect(webhooksOf(payment)[0]?.statuses).toEqual(gateway === 'yoco' ? [200] : [404])
    expect(await statusOf(payment)).toBe('pending')
  })

  // Paystack tells of successes only.
  if (gateway !== 'paystack')
    it('[PA10] [PA13] that it failed is told after that it was paid', async () => {
      stage.control.faultWebhooks({ gateway, reorder: true })
      const payment = await choose()
      pay(payment, 'decline')
      pay(payment)
      await stage.control.settled()
      expect(webhooksOf(payment).map(({ statuses }) => statuses)).toEqual([[200], [200]])
      await workOff(stage.platform)
      await expectPaidOnce(payment)
    })
})
