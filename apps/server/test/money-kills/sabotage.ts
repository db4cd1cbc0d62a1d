import { sql } from 'kysely'
import { requestPayout } from '../../src/features/payouts/request-payout.ts'
import { insertPayment, savePayment } from '../../src/features/payments/payment-store.ts'
import { newId, type PaymentId } from '../../src/kernel/index.ts'
import { RETURN_URL, timePasses, type Flow, type Work } from './flow.ts'
import type { SabotageName } from './job.ts'

/** Statements as a careless programmer would have written them. */
export const REWRITES: Readonly<Record<SabotageName, (text: string) => string>> = {
  'pay-before-writing': (text) => text,
  'payout-before-writing': (text) => text,
  // Nothing says any more that a refund was sent, so that nobody asks before he sends it again.
  'refund-unasked': (text) => text.replace('sent_at = coalesce(sent_at, clock_timestamp()), ', ''),
  // The same thing can be booked again: its key is another each time.
  'ledger-unkeyed': (text) =>
    text.replace(
      /insert into ledger_transaction \(kind, key, trip_id, memo\) values \((\$\d+), (\$\d+),/,
      'insert into ledger_transaction (kind, key, trip_id, memo) values ($1, $2::text || gen_random_uuid(),',
    ),
  // Whoever has slept past his lease goes on as if nothing had been.
  'lease-ignored': (text) =>
    text.replace(
      /and (r\.)?busy_until = (\$\d+)::timestamptz( and busy_until > clock_timestamp\(\))?/,
      'and $2::text is not null',
    ),
  // Every statement commits by itself.
  'no-transaction': (text) => (/^(begin|commit|rollback)\b/.test(text) ? 'select 1' : text),
}

/** The steps of a flow, in another order where that is what is sabotaged. */
export function stepsOf({ steps }: Flow, name: SabotageName | undefined, work: Work): Flow['steps'] {
  const heard = steps.slice(steps.findIndex(([step]) => step === 'webhook'))
  if (name === 'pay-before-writing') return [...payBeforeWriting(work), ...heard]
  if (name === 'payout-before-writing')
    return [...payoutBeforeWriting(work), ['(time passes)', () => timePasses(work)], ...heard]
  return steps
}

/** The gateway is asked for its page first, and the customer sent there; the payment is written down afterwards. */
function payBeforeWriting({ platform, scene, control }: Work): Flow['steps'] {
  const id = newId<PaymentId>()
  const reference = `toota-${id}`
  const { tripId } = scene
  const amount = { amountMinor: scene.amountMinor, currency: scene.currency }
  const gateway = platform.gateways.forPayments('ZA')!
  let link: string
  return [
    [
      'open',
      async () => {
        const order = { reference, amount, method: 'card', email: 'thandi@example.org' } as const
        const page = await gateway.startPayment({ ...order, returnUrl: RETURN_URL, tripId })
        if (page.outcome !== 'done') throw new Error('no page')
        link = page.value.link
      },
    ],
    ['(the customer pays)', () => control.pay(gateway.name, reference)],
    [
      'choose',
      async () => {
        const { single } = platform.db
        const payment = await insertPayment(single, {
          ...{ id, tripId, amount, reference, method: 'card', status: 'created', creditMinor: 0 },
          gateway: gateway.name,
        })
        const page = { link, gatewayId: null }
        await savePayment(single, payment, { status: 'pending', dueAfterSeconds: 30, page })
      },
    ],
  ]
}

/** The transfer is sent first, and its reference written down afterwards. */
function payoutBeforeWriting({ platform, scene }: Work): Flow['steps'] {
  const reference = `payout-${newId()}`
  const amount = { amountMinor: scene.amountMinor, currency: scene.currency }
  return [
    [
      'send',
      async () => {
        const { rows } = await sql<{ name: string; number: string; bank: string }>`
          select name, account_number as number, bank_code as bank from payout_account where driver_id = ${scene.driverId}`.execute(
          platform.db.single,
        )
        const { name, number, bank } = rows[0]!
        const account = { kind: 'bank', name, accountNumber: number, bankCode: bank } as const
        const sent = await platform.gateways
          .forPayouts('ZA')!
          .transfers!.send({ reference, amount, account, reason: 'earnings' })
        if (sent.outcome !== 'done') throw new Error('not sent')
      },
    ],
    [
      'request',
      async () => {
        const payout = await requestPayout(platform, scene.driverId, amount)
        await sql`update payout set reference = ${reference}, sent_at = clock_timestamp(), state = 'sent'
          where id = ${payout.id}`.execute(platform.db.single)
      },
    ],
  ]
}
