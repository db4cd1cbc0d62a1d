import type { GatewayName, PaymentMethod } from '@toota/contract'
import type { IncomingHttpHeaders } from 'node:http'
import type { ChargeReport, Money, Verification } from '../../kernel/index.ts'

export type { ChargeReport, Verification }

/**
 * What came of a call. `refused`: the gateway said no, and did nothing. `unknown`: it may have done it (no answer, a
 * fault of its own, or an answer that nobody can read), so it must be asked before anything is done again. Both speak of this
 * call alone: a refusal does not settle what an earlier unknown has left open. No call is repeated by itself. Reasons are one
 * line of at most 200 characters, without keys, addresses or long numbers.
 */
export type Outcome<T> =
  | { readonly outcome: 'done'; readonly value: T }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly reason: string }

/** What a customer is to pay on the gateway's own page. Card numbers never come near us. */
export type PaymentOrder = {
  /** Ours, the same at every repeat. */
  readonly reference: string
  readonly amount: Money
  readonly method: Exclude<PaymentMethod, 'cash'>
  readonly email: string
  /** Where the browser goes afterwards; that it comes proves nothing. */
  readonly returnUrl: string
  readonly tripId: string
}

/** The page to send the customer to. `gatewayId` where the gateway is asked by an id of its own (Yoco). */
export type PaymentPage = { readonly link: string; readonly gatewayId: string | null }

export type PaymentQuery = {
  readonly reference: string
  /** {@link PaymentPage.gatewayId}, or the id of one transaction that a webhook or a redirect named. */
  readonly gatewayId: string | null
}

export type RefundOrder = {
  /** Ours; sent along as a note or key, so that it is found again. */
  readonly refundId: string
  /** Of the payment. */
  readonly reference: string
  /** Of the transaction that is given back. */
  readonly chargeGatewayId: string
  /** {@link PaymentPage.gatewayId} of the payment. */
  readonly pageGatewayId: string | null
  readonly amount: Money
  readonly createdAt: Date
}

/** `sent`: under way. `attention`: the gateway waits for a person. */
export type RefundReport = {
  readonly state: 'sent' | 'done' | 'failed' | 'attention'
  readonly gatewayId: string | null
}

export type TransferOrder = {
  /** Ours, lower-case, at least 16 characters; the gateway makes at most one transfer of it. */
  readonly reference: string
  readonly amount: Money
  readonly account: PayoutAccount
  readonly reason: string
}

export type PayoutAccount = {
  readonly kind: 'bank' | 'mobile_money'
  readonly name: string
  readonly accountNumber: string
  readonly bankCode: string
}

export type TransferReport = {
  readonly state: 'sent' | 'done' | 'failed' | 'reversed' | 'attention'
  readonly gatewayId: string | null
  readonly reason?: string
}

/** Money out. */
export type Transfers = {
  send(order: TransferOrder): Promise<Outcome<TransferReport>>
  /** By our reference; `missing` means that it never arrived and may be sent again under the same reference. */
  check(query: {
    readonly reference: string
    readonly gatewayId: string | null
    readonly createdAt: Date
  }): Promise<Outcome<TransferReport | { readonly state: 'missing' }>>
}

/** What a signed webhook points at. It is a hint: what is so is asked of the gateway. */
export type WebhookHint = {
  /** The same for every delivery of the same event. */
  readonly dedupeKey: string
  /** The gateway's own word, such as `charge.success`; for the log and for operators. */
  readonly event: string
  readonly about: 'payment' | 'refund' | 'transfer' | 'dispute' | 'nothing'
  /** Our reference of the payment (also for refunds and disputes) or of the transfer; null when it names none. */
  readonly reference: string | null
  /** The gateway's id of the transaction or transfer. */
  readonly gatewayId: string | null
}

/** `unsigned`: no signature where one belongs. `forged`: a wrong one, an old one, or no secret is set to check it by. */
export type WebhookReading =
  | { readonly reading: 'hint'; readonly hint: WebhookHint }
  | { readonly reading: 'unsigned' | 'forged' | 'malformed' }

/** A payment gateway on HTTP. Nothing it says is believed: answers are bounded, timed and parsed, and callers compare amounts. */
export type Gateway = {
  readonly name: GatewayName
  /** No real money: a test key, or the test gateway that comes along in DEBUG. */
  readonly isTest: boolean
  /**
   * Refused as `duplicate-reference`: an earlier call has arrived, and nobody has its page. As `resting`: the gateway is away and
   * nothing was sent, so the customer can be told at once; all other calls are unknown then.
   */
  startPayment(order: PaymentOrder): Promise<Outcome<PaymentPage>>
  /**
   * Flutterwave knows a payment only once somebody has tried to pay, so `missing` of one that was started means "not paid yet"; its
   * `failed` is one try of perhaps several. Yoco is asked by the page's id and says `missing` without one.
   */
  verifyPayment(query: PaymentQuery): Promise<Outcome<Verification>>
  refund(order: RefundOrder): Promise<Outcome<RefundReport>>
  /**
   * The refund as the gateway knows it, before anything is repeated; `missing` when it does not. Yoco has no list: there the order
   * itself is repeated under its key, so that it is never `missing`, and unknown once the key may be forgotten (23 hours).
   */
  findRefund(order: RefundOrder): Promise<Outcome<RefundReport | { readonly state: 'missing' }>>
  /** How a signed webhook says that a refund has ended; absent where the gateway can be asked, and therefore is. */
  refundEnd?(event: string): 'done' | 'failed' | undefined
  /** Checks the signature over the raw body, in constant time. `now` bounds the age of signed timestamps. */
  readWebhook(headers: IncomingHttpHeaders, rawBody: Buffer, now: Date): WebhookReading
  /** The successful charges of a time, for reconciliation. Absent where the gateway has no such list. */
  listCharges?(from: Date, to: Date): Promise<Outcome<readonly ChargeReport[]>>
  readonly transfers?: Transfers
}

/** The gateways that are set up, and which of them serves a market: never the client's choice. */
export type Gateways = {
  forPayments(market: string): Gateway | undefined
  forPayouts(market: string): Gateway | undefined
  named(name: GatewayName): Gateway | undefined
  all(): readonly Gateway[]
}
