import { z } from 'zod'
import { Id, Instant, Money, Page, text } from './common.ts'
import { CASE_KINDS, CURRENCIES, MARKETS, PAYMENT_METHODS, PAYMENT_STATUSES } from './vocabulary.ts'

/** Integer minor units: cents, kobo, pesewas. At most a hundred million of the major unit. */
const AmountMinor = z.int().min(0).max(10_000_000_000)

export const NewPayment = z.strictObject({ method: z.enum(PAYMENT_METHODS) }).meta({ id: 'NewPayment' })

export const Payment = z
  .object({
    id: Id,
    tripId: Id,
    method: z.enum(PAYMENT_METHODS),
    status: z.enum(PAYMENT_STATUSES),
    amount: Money.describe("The fare, less the customer's credit"),
    creditMinor: z.int().describe('What his credit pays of the fare'),
    link: z.string().nullable().describe("The payment service's page; for the customer only"),
    failure: z.string().nullable().describe('Why it failed, in a word or two of the payment service'),
    receivedMinor: z.int().nullable().describe('Cash, as the driver stated it or drove on with the load'),
    confirmedMinor: z.int().nullable().describe('Cash, as the customer stated it'),
    cashCode: z
      .string()
      .nullable()
      .describe('For the customer only: who hands over the cash tells it to the driver, who states it'),
  })
  .meta({ id: 'Payment' })

export const CashReceipt = z
  .strictObject({
    receivedMinor: AmountMinor.optional().describe('What was due, unless told'),
    code: z
      .string()
      .regex(/^\d{6}$/, 'has six digits')
      .optional()
      .describe("The customer's: he agrees that he has paid all"),
  })
  .meta({ id: 'CashReceipt' })

export const CashConfirmation = z
  .strictObject({ paidMinor: AmountMinor.describe('What the customer handed over') })
  .meta({ id: 'CashConfirmation' })

/** What an account has, or owes, per currency. */
export const Balance = z
  .object({
    currency: z.enum(CURRENCIES),
    creditMinor: z.int().describe('A customer: to spend; it pays for the next trip by itself'),
    heldMinor: z.int().describe('A customer: paid for trips that are not completed'),
    owedMinor: z.int().describe('A customer: still to be paid. A driver: commission on cash trips'),
    earnedMinor: z.int().describe('A driver: to be paid out'),
    withheldMinor: z.int().describe('A driver: earned, but his customer has not paid it yet'),
    cashLimitMinor: z
      .int()
      .nullable()
      .describe('A driver: owes he more than this, he gets no more cash trips'),
    mayTakeCash: z.boolean(),
  })
  .meta({ id: 'Balance' })
export const Balances = z.object({ balances: z.array(Balance) }).meta({ id: 'Balances' })

export const Settlement = z
  .object({
    tripId: Id,
    method: z.enum(PAYMENT_METHODS),
    currency: z.enum(CURRENCIES),
    fareMinor: z.int(),
    earningMinor: z.int().describe("The driver's part of the fare"),
    serviceFeeMinor: z.int().describe("The operator's part, tax and the payment service's fee included"),
    settledAt: Instant,
  })
  .meta({ id: 'Settlement', description: 'How the fare of a completed trip was divided' })

export const EarningsPage = Page.extend({
  cursor: Id.optional().describe('`nextCursor` of the page before'),
  from: Instant.optional(),
  to: Instant.optional().describe('Exclusive'),
})
export const Earnings = z
  .object({
    totals: z
      .array(
        z.object({ currency: z.enum(CURRENCIES), trips: z.int(), fareMinor: z.int(), earningMinor: z.int() }),
      )
      .describe('Of the whole time, not only of this page'),
    settlements: z.array(Settlement),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'Earnings' })

export const PayoutAccount = z
  .strictObject({
    kind: z.enum(['bank', 'mobile_money']),
    name: text(1, 100).describe('Of its holder'),
    accountNumber: z.string().regex(/^\d{6,20}$/, 'has 6 to 20 digits'),
    bankCode: z
      .string()
      .regex(/^[0-9A-Za-z-]{2,20}$/, "is the payment service's code of the bank or network"),
  })
  .meta({ id: 'PayoutAccount' })

export const SavedPayoutAccount = z
  .object({
    kind: z.enum(['bank', 'mobile_money']),
    name: z.string(),
    accountNumber: z.string().describe('Its last four digits'),
    bankCode: z.string(),
    changedAt: Instant,
  })
  .meta({ id: 'SavedPayoutAccount' })
export const OwnPayoutAccount = z
  .object({ account: SavedPayoutAccount.nullable().describe('Null until one was said') })
  .meta({ id: 'OwnPayoutAccount' })

/** `created` until a payment service has it, `sent` until it says what became of it. `reversed` was paid, but came back. */
export const PAYOUT_STATES = ['created', 'sent', 'paid', 'failed', 'reversed'] as const
export type PayoutState = (typeof PAYOUT_STATES)[number]

export const NewPayout = z
  .strictObject({ amountMinor: AmountMinor.min(1), currency: z.enum(CURRENCIES) })
  .meta({ id: 'NewPayout' })

export const Payout = z
  .object({
    id: Id,
    amount: Money,
    state: z.enum(PAYOUT_STATES),
    accountNumber: z.string().describe('Its last four digits'),
    failure: z
      .string()
      .nullable()
      .describe('Why it failed or came back, in the words of the payment service'),
    createdAt: Instant,
    endedAt: Instant.nullable(),
  })
  .meta({ id: 'Payout' })
export const Payouts = z
  .object({ payouts: z.array(Payout), nextCursor: z.string().nullable() })
  .meta({ id: 'Payouts' })
export const PayoutPage = Page.extend({
  cursor: Id.optional().describe('`nextCursor` of the page before'),
})

const Details = z.record(z.string(), z.unknown())

export const MoneyCase = z
  .object({
    id: Id,
    kind: z.enum(CASE_KINDS),
    tripId: Id.nullable(),
    paymentId: Id.nullable(),
    refundId: Id.nullable(),
    payoutId: Id.nullable(),
    details: Details.describe('What each side says, and what is at stake'),
    openedAt: Instant,
    resolvedAt: Instant.nullable(),
    resolvedBy: z.string().nullable(),
    resolution: Details.nullable(),
  })
  .meta({ id: 'MoneyCase' })
export const MoneyCases = z
  .object({ cases: z.array(MoneyCase), nextCursor: z.string().nullable() })
  .meta({ id: 'MoneyCases' })

export const MoneyCasePage = Page.extend({
  cursor: Id.optional().describe('`nextCursor` of the page before'),
  state: z.enum(['open', 'resolved']).default('open'),
})

export const CaseResolution = z
  .strictObject({
    cashMinor: AmountMinor.optional().describe('For cash: what was really handed over; the books follow'),
    note: text(1, 500).describe('What was found, and done about it'),
  })
  .meta({ id: 'CaseResolution' })

export const NewRefund = z
  .strictObject({
    amountMinor: AmountMinor.min(1),
    reason: text(1, 200),
    isFromCredit: z
      .boolean()
      .default(false)
      .describe("Out of the customer's credit, not as the operator's loss"),
  })
  .meta({ id: 'NewRefund' })

export const Refund = z
  .object({
    id: Id.nullable().describe('Null where it went to the credit of the customer at once'),
    paymentId: Id,
    amount: Money,
    to: z.enum(['payment-method', 'credit']),
  })
  .meta({ id: 'Refund' })

export const StatementSpan = z.strictObject({ from: Instant, to: Instant.describe('Exclusive') })

/** Sums of completed trips. `earnings + commission + tax + fees = fares`. */
export const Statement = z
  .object({
    market: z.enum(MARKETS),
    currency: z.enum(CURRENCIES),
    trips: z.int(),
    faresMinor: z.int(),
    earningsMinor: z.int(),
    commissionMinor: z.int().describe("Without tax and the payment services' fees"),
    taxMinor: z.int(),
    feesMinor: z.int(),
  })
  .meta({ id: 'Statement' })
export const Statements = z.object({ statements: z.array(Statement) }).meta({ id: 'Statements' })
