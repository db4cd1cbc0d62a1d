import { describe, expect, it } from 'vitest'
import type { Gateway } from '../../src/platform/gateways/gateway.ts'
import { rewriteBy, type Edit } from '../races/edits.ts'
import { runHistories, type Order } from './permutations.ts'

/* The permutations with something broken: each must be found out, or they prove nothing. Whole, the same seeds are sound. */

/** So many histories at most: the first that is not sound ends it. */
const COUNT = 120
const TIMEOUT_MS = 120_000

type Sabotage = Pick<Order, 'gateway' | 'schema' | 'wrap'> & { readonly code?: readonly Edit[] }

const TRIP_LOCK = 'from "trip" where "id" = $1 for update'
const PAYMENT_LOCK = 'from "payment" where "id" = $1 for update'

const EDITS = {
  noLookForCharge: [
    'from "charge" where "gateway" = $1 and "gateway_id" = $2',
    'from "charge" where "gateway" = $1 and "gateway_id" = $2 and false',
  ],
  noPostingKey: ['on conflict (kind, key) do nothing', ''],
  noTripLock: [TRIP_LOCK, TRIP_LOCK.replace(' for update', '')],
  noPaymentLock: [PAYMENT_LOCK, PAYMENT_LOCK.replace(' for update', '')],
  paidLooksOpen: [
    `select * ${PAYMENT_LOCK}`,
    `select *, case status when 'success' then 'pending' else status end as status ${PAYMENT_LOCK}`,
  ],
} as const satisfies Record<string, Edit>

const OFF = {
  chargeKey: 'alter table charge drop constraint charge_gateway_gateway_id_key',
  postingKey: 'alter table ledger_transaction drop constraint ledger_transaction_kind_key_key',
  monotone: 'drop trigger payment_is_monotone on payment',
} as const

/** Takes a webhook's word for it that a payment failed, where the gateway should be asked. */
function believing(gateway: Gateway): Gateway {
  // Two questions: by the transaction that it names, and by the reference.
  const failed = new Map<string | null, number>()
  return {
    ...gateway,
    readWebhook(headers, body, now) {
      const reading = gateway.readWebhook(headers, body, now)
      if (reading.reading === 'hint' && /failed/.test(`${reading.hint.event} ${reading.hint.dedupeKey}`))
        failed.set(reading.hint.reference, 2)
      return reading
    },
    verifyPayment(query) {
      const left = failed.get(query.reference) ?? 0
      failed.set(query.reference, left - 1)
      return left > 0
        ? Promise.resolve({ outcome: 'done', value: { state: 'failed', reason: 'failed' } })
        : gateway.verifyPayment(query)
    },
  }
}

async function problemsWith({ code = [], ...sabotage }: Sabotage, count = COUNT): Promise<string[]> {
  const { rewrite, refuseUnused } = rewriteBy(code)
  const { problems } = await runHistories({ ...sabotage, seed: 1, count, enough: 1, rewrite })
  refuseUnused()
  return problems.map(({ what }) => what)
}

describe('permutations of webhooks find out', { timeout: TIMEOUT_MS }, () => {
  it('[PA13] [LG3] charges that are counted again', async () => {
    const problems = await problemsWith({
      gateway: 'paystack',
      schema: [OFF.chargeKey],
      code: [EDITS.noLookForCharge],
    })
    expect(problems).not.toEqual([])
  })

  it('[LG3] postings that are booked again', async () => {
    const problems = await problemsWith({
      gateway: 'flutterwave',
      schema: [OFF.postingKey],
      code: [EDITS.noPostingKey],
    })
    expect(problems).not.toEqual([])
  })

  it("[PA10] a webhook's failure that undoes a success, which takes three faults at once", async () => {
    const sabotage = { gateway: 'flutterwave', wrap: believing } as const
    // Without the other two it is harmless.
    expect(await problemsWith(sabotage, 40)).toEqual([])
    const all = { ...sabotage, schema: [OFF.monotone], code: [EDITS.paidLooksOpen] }
    expect(await problemsWith(all)).not.toEqual([])
  })

  it('[PA13] payments that are settled without locks', async () => {
    const problems = await problemsWith({
      gateway: 'yoco',
      code: [EDITS.noTripLock, EDITS.noPaymentLock],
    })
    expect(problems).not.toEqual([])
  })
})
