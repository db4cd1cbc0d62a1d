import { newId, type PaymentId } from '../../src/kernel/index.ts'
import type { SoundBooks } from './sound-books.ts'

/** One breach, brought about in sound books by what a defect, or a person with psql, might do. */
export type Plant = {
  readonly promise: string
  readonly how: string
  /** What keeps it from happening is taken away first. */
  readonly statements: readonly string[]
  /** The rows that the audit must show. */
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** A transaction of two entries, by kind, owner and currency of their accounts. */
const booked = (
  entries: readonly (readonly [kind: string, owner: string, amountMinor: number])[],
  { tripId, currency = 'ZAR' }: { tripId?: string; currency?: string } = {},
): string => `
  with t as (insert into ledger_transaction (kind, key, trip_id)
             values ('planted', gen_random_uuid(), ${tripId ? `'${tripId}'` : 'null'}) returning id)
  insert into ledger_entry select t.id, a.id, e.amount_minor
  from t, (values ${entries.map(([kind, owner, amount]) => `('${kind}', '${owner}', ${amount}::bigint)`).join(', ')})
    as e (kind, owner, amount_minor)
  join ledger_account as a on a.kind = e.kind and a.owner = e.owner and a.currency = '${currency}'`

const DROP = {
  balanced: 'drop trigger ledger_is_balanced on ledger_entry',
  neverNegative: 'alter table ledger_account drop constraint ledger_never_negative',
  receivable: 'alter table ledger_account drop constraint ledger_receivable',
  verified: 'alter table payment drop constraint payment_verified',
  monotone: 'drop trigger payment_is_monotone on payment',
  onePayment: 'drop index payment_live',
  addsUp: 'alter table settlement drop constraint settlement_adds_up',
  kept: 'drop trigger settlement_is_kept on settlement',
}

/** At least one for each promise of the audit. */
export function plantsIn(books: SoundBooks): readonly Plant[] {
  return [
    ...ofTheLedger(books),
    ...ofTrips(books),
    ...ofPayments(books),
    ...ofCharges(books),
    ...ofTheRest(books),
  ]
}

const ofTheLedger = ({ customer, driver }: SoundBooks): Plant[] => [
  {
    promise: 'every transaction balances in each currency',
    how: 'one entry too much',
    statements: [DROP.balanced, booked([['clearing', 'office', -5]])],
    rows: [{ currency: 'ZAR', off_by_minor: -5 }],
  },
  {
    promise: 'every transaction balances in each currency',
    how: 'one cent too little',
    statements: [
      DROP.balanced,
      booked([
        ['clearing', 'office', -5],
        ['commission', 'ZA', 4],
      ]),
    ],
    rows: [{ currency: 'ZAR', off_by_minor: -1 }],
  },
  {
    promise: 'no transaction is empty',
    how: 'without entries',
    statements: [`insert into ledger_transaction (kind, key) values ('planted', 'empty')`],
    rows: [{ kind: 'planted', key: 'empty' }],
  },
  {
    promise: "people's balances are the sums of their entries",
    how: 'one cent to the driver',
    statements: [
      `update ledger_account set balance_minor = balance_minor + 1
       where kind = 'driver' and owner = '${driver}' and currency = 'ZAR'`,
    ],
    rows: [{ kind: 'driver', owner: driver }],
  },
  {
    promise: "people's balances are the sums of their entries",
    how: 'an entry past the trigger',
    statements: [
      'alter table ledger_entry disable trigger ledger_balances',
      booked([
        ['clearing', 'office', -5],
        ['driver', driver, 5],
      ]),
    ],
    rows: [{ kind: 'driver', owner: driver }],
  },
  {
    promise: 'nobody has negative credit, held or withheld money',
    how: 'credit that nobody has',
    statements: [
      DROP.neverNegative,
      `insert into ledger_account (kind, owner, currency) values ('credit', '${customer}', 'KES') on conflict do nothing`,
      booked(
        [
          ['clearing', 'office', 5],
          ['credit', customer, -5],
        ],
        { currency: 'KES' },
      ),
    ],
    rows: [{ kind: 'credit', owner: customer, balance_minor: -5 }],
  },
  {
    promise: 'nobody has negative credit, held or withheld money',
    how: 'a customer who owes less than nothing',
    statements: [
      DROP.receivable,
      booked([
        ['clearing', 'office', -105],
        ['receivable', customer, 105],
      ]),
    ],
    rows: [{ kind: 'receivable', owner: customer, balance_minor: 5 }],
  },
]

const ofTrips = ({ customer, byCard, byCash, underWay, cancelled }: SoundBooks): Plant[] => [
  ...[byCard.trip, cancelled].map((trip): Plant => ({
    promise: 'nothing is held for a trip that has ended',
    how: trip === cancelled ? 'it was cancelled' : 'it was completed',
    statements: [
      booked(
        [
          ['clearing', 'office', -7],
          ['held', customer, 7],
        ],
        { tripId: trip.id },
      ),
    ],
    rows: [{ id: trip.id, held_minor: 7 }],
  })),
  {
    promise: 'a trip under way is paid for, or will be in cash',
    how: 'the payment failed',
    statements: [`update payment set status = 'failed' where trip_id = '${underWay.id}'`],
    rows: [{ id: underWay.id, method: 'cash', payment: 'failed' }],
  },
  {
    promise: 'a trip under way is paid for, or will be in cash',
    how: 'there is no payment any more',
    statements: [`update payment set replaced_at = clock_timestamp() where trip_id = '${underWay.id}'`],
    rows: [{ id: underWay.id, payment: null }],
  },
  {
    promise: 'every completed trip is divided, and the parts add up to its fare',
    how: 'another fare',
    statements: [
      DROP.addsUp,
      `update settlement set fare_minor = fare_minor + 1 where trip_id = '${byCash.id}'`,
    ],
    rows: [
      { id: byCash.id, fare_minor: byCash.fare.amountMinor, divided_minor: byCash.fare.amountMinor + 1 },
    ],
  },
  {
    promise: 'what is booked of completed trips is what their division says',
    how: 'a cent more for the operator',
    statements: [
      `update settlement set earning_minor = earning_minor - 1, commission_minor = commission_minor + 1
       where trip_id = '${byCash.id}'`,
    ],
    rows: [
      { market: 'ZA', currency: 'ZAR', kind: 'commission' },
      { market: 'ZA', currency: 'ZAR', kind: 'driver' },
    ],
  },
]

const ofPayments = ({ driver, byCard, byCash, waiting, underWay }: SoundBooks): Plant[] => [
  {
    promise: 'a payment by a gateway is paid only by a verified charge of at least what was due',
    how: 'paid, but never verified',
    statements: [DROP.verified, `update payment set verified_at = null where id = '${waiting.payment.id}'`],
    rows: [{ id: waiting.payment.id, status: 'success' }],
  },
  {
    promise: 'a payment by a gateway is paid only by a verified charge of at least what was due',
    how: 'its charge pays for nothing',
    statements: [`update charge set is_counted = false where payment_id = '${byCard.payment.id}'`],
    rows: [{ id: byCard.payment.id, charged_minor: null }],
  },
  {
    promise: 'a payment by a gateway is paid only by a verified charge of at least what was due',
    how: 'more was due',
    statements: [
      DROP.monotone,
      `update payment set amount_minor = amount_minor + 1 where id = '${byCard.payment.id}'`,
    ],
    rows: [{ id: byCard.payment.id, charged_minor: byCard.payment.amount.amountMinor }],
  },
  {
    promise: 'cash that was received is booked',
    how: 'received past the ledger',
    statements: [
      `update payment set status = 'success', paid_at = clock_timestamp(), received_minor = amount_minor, received_by = '${driver}'
       where trip_id = '${underWay.id}'`,
    ],
    rows: [{ received_minor: underWay.fare.amountMinor, booked_minor: 0 }],
  },
  {
    promise: 'cash that was received is booked',
    how: 'another amount was received',
    statements: [`update payment set received_minor = received_minor + 1 where trip_id = '${byCash.id}'`],
    rows: [{ received_minor: byCash.fare.amountMinor - 99, booked_minor: byCash.fare.amountMinor - 100 }],
  },
  {
    promise: 'a trip has at most one live payment',
    how: 'two at once',
    statements: [
      DROP.onePayment,
      `insert into payment (id, trip_id, method, status, amount_minor, currency)
       values ('${newId<PaymentId>()}', '${waiting.trip.id}', 'cash', 'pending', 1, 'ZAR')`,
    ],
    rows: [{ trip_id: waiting.trip.id, count: 2 }],
  },
]

const ofCharges = ({ byCard, waiting }: SoundBooks): Plant[] => [
  {
    promise: 'every charge is booked once, for its amount',
    how: 'another fee',
    statements: [`update charge set fee_minor = fee_minor + 1 where payment_id = '${byCard.payment.id}'`],
    rows: [{ gateway: 'paystack', amount_minor: byCard.payment.amount.amountMinor }],
  },
  {
    promise: 'every charge is booked once, for its amount',
    how: 'a charge that was never booked',
    statements: [
      `insert into charge (id, payment_id, gateway, gateway_id, amount_minor, currency, fee_minor, is_counted)
       values (gen_random_uuid(), '${waiting.payment.id}', 'paystack', 'planted', 9, 'ZAR', 0, false)`,
    ],
    rows: [{ gateway_id: 'planted', booked_minor: null }],
  },
  {
    promise: 'a charge has given back what its refunds say, and no more than it took',
    how: 'more than its refunds',
    statements: [`update charge set refunded_minor = 1 where payment_id = '${byCard.payment.id}'`],
    rows: [{ refunded_minor: 1, refunds_minor: 0 }],
  },
]

const ofTheRest = ({ refunding }: SoundBooks): Plant[] => [
  {
    promise: 'what is under way as refunds is what the open ones amount to',
    how: 'done, but not booked',
    statements: [
      `update refund set state = 'done', ended_at = clock_timestamp() from charge
       where charge.id = charge_id and charge.payment_id = '${refunding.id}'`,
    ],
    rows: [{ owner: 'paystack', currency: 'ZAR', booked_minor: refunding.amount.amountMinor, open_minor: 0 }],
  },
  {
    promise: 'what is under way as payouts is what the open ones amount to',
    how: 'paid, but not booked',
    statements: [`update payout set state = 'paid', ended_at = clock_timestamp()`],
    rows: [{ owner: 'paystack', currency: 'ZAR', booked_minor: 100, open_minor: 0 }],
  },
  {
    promise: 'receipts of a market are numbered 1, 2, 3 …',
    how: 'a number is missing',
    statements: [`update receipt_counter set last_number = 2 where market = 'ZA'`],
    rows: [{ market: 'ZA', last_number: 2, receipts: 1, highest: 1 }],
  },
  {
    promise: 'receipts of a market are numbered 1, 2, 3 …',
    how: 'a number was given without the counter',
    statements: [`update receipt_counter set last_number = 0 where market = 'NG'`],
    rows: [{ market: 'NG', last_number: 0, receipts: 1, highest: 1 }],
  },
]
