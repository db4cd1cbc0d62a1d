import type { PaymentScript, PaymentStep, RefundStatus, Step, TransferStatus } from './scripts.ts'
import { addTo, type GatewayName } from './wire.ts'

/** Money that a gateway took, or refused to take. */
export type Charge = {
  /** A number, or `p_…` of Yoco. */
  readonly id: number | string
  /** What the gateway says it was for; the script `other-reference` makes it lie. */
  readonly shownReference: string
  readonly amountMinor: number
  readonly currency: string
  readonly feeMinor: number
  readonly isLive: boolean
  readonly at: string
  status: 'success' | 'failed' | 'reversed'
}

/** What a merchant asked for, and what came of it. */
export type Payment = {
  readonly gateway: GatewayName
  readonly reference: string
  /** Paystack's transaction; the other gateways number charges only. */
  readonly id: number
  /** Of the page; also Paystack's access code and the end of Yoco's checkout id. */
  readonly token: string
  readonly createdAt: string
  /** Idempotency-Key and body that it came with. */
  readonly key: string | null
  readonly keyedBody: string
  amountMinor: number
  currency: string
  email: string | null
  channel: string
  metadata: unknown
  returnUrls: {
    readonly paid: string | null
    readonly cancelled: string | null
    readonly failed: string | null
  }
  status: 'created' | 'opened' | 'cancelled' | 'declined' | 'paid'
  script: PaymentScript
  readonly charges: Charge[]
  plan: Step<PaymentStep>[]
}

/** Money that was asked back. */
export type Refund = {
  readonly gateway: GatewayName
  /** A number, or `rfd_…` of Yoco. */
  readonly id: number | string
  /** Of the payment, as its page has it. */
  readonly token: string
  readonly reference: string
  readonly chargeId: number | string
  readonly amountMinor: number
  readonly currency: string
  readonly note: string | null
  readonly key: string | null
  readonly keyedBody: string
  readonly createdAt: string
  /** What its order was answered with. */
  readonly firstStatus: RefundStatus
  status: RefundStatus
  plan: Step<RefundStatus>[]
}

/** An account that Paystack pays out to; Flutterwave is told it with each transfer. */
export type Recipient = {
  readonly id: number
  readonly code: string
  readonly type: string
  readonly name: string
  readonly accountNumber: string
  readonly bankCode: string
  readonly currency: string
  readonly createdAt: string
}

/** Money that was sent to an account. */
export type Transfer = {
  readonly gateway: GatewayName
  readonly id: number
  readonly code: string
  readonly reference: string
  readonly amountMinor: number
  readonly currency: string
  readonly reason: string
  readonly recipient: Recipient
  readonly createdAt: string
  status: TransferStatus
  plan: Step<TransferStatus>[]
}

/** Everything the gateways remember, as it is written to a file. */
export type Snapshot = {
  readonly version: 1
  readonly ids: readonly [count: number, chance: number]
  readonly payments: readonly Payment[]
  readonly refunds: readonly Refund[]
  readonly recipients: readonly Recipient[]
  readonly transfers: readonly Transfer[]
  readonly calls: readonly (readonly [call: string, count: number])[]
}

/** Larger than 32 bits hold, as Paystack's are. */
const FIRST_ID = 4_099_260_516
const CODE_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** The books of the three gateways, with ids that follow from a seed. */
export class State {
  #count: number
  #chance: number
  /** By the token of the page: with Yoco one reference can have several checkouts. */
  readonly #payments = new Map<string, Payment>()
  readonly #byReference = new Map<string, Payment[]>()
  readonly #charges = new Map<string, Payment>()
  readonly #keys = new Map<string, Payment>()
  readonly #refunds = new Map<string, Refund>()
  readonly #refundsOf = new Map<string, Refund[]>()
  readonly #recipients = new Map<string, Recipient>()
  readonly #accounts = new Map<string, Recipient>()
  readonly #transfers = new Map<string, Transfer>()
  readonly #transferIds = new Map<string, Transfer>()
  readonly calls = new Map<string, number>()

  constructor(seed: number) {
    this.#count = FIRST_ID + (seed % 1_000_000) * 1000
    this.#chance = seed
  }

  /** Ids go on: whoever remembers an old one must not meet it again. */
  clear(): void {
    for (const map of [this.#payments, this.#byReference, this.#charges, this.#keys]) map.clear()
    for (const map of [this.#refunds, this.#refundsOf, this.#recipients, this.#accounts]) map.clear()
    for (const map of [this.#transfers, this.#transferIds]) map.clear()
    this.calls.clear()
  }

  nextId(): number {
    this.#count += 1
    return this.#count
  }

  nextCode(length: number): string {
    let code = ''
    for (let left = length; left > 0; left -= 1)
      code += CODE_LETTERS[Math.floor(this.#random() * CODE_LETTERS.length)]!
    return code
  }

  addPayment(payment: Payment): void {
    this.#payments.set(keyOf(payment.gateway, payment.token), payment)
    addTo(this.#byReference, keyOf(payment.gateway, payment.reference), payment)
    if (payment.key !== null) this.#keys.set(keyOf(payment.gateway, payment.key), payment)
    for (const charge of payment.charges) this.#charges.set(keyOf(payment.gateway, charge.id), payment)
  }

  addCharge(payment: Payment, charge: Charge): void {
    payment.charges.push(charge)
    this.#charges.set(keyOf(payment.gateway, charge.id), payment)
  }

  addRefund(refund: Refund): void {
    this.#refunds.set(keyOf(refund.gateway, refund.id), refund)
    addTo(this.#refundsOf, keyOf(refund.gateway, refund.token), refund)
  }

  addRecipient(recipient: Recipient): void {
    this.#recipients.set(recipient.code, recipient)
    this.#accounts.set(accountOf(recipient), recipient)
  }

  addTransfer(transfer: Transfer): void {
    this.#transfers.set(keyOf(transfer.gateway, transfer.reference), transfer)
    this.#transferIds.set(keyOf(transfer.gateway, transfer.id), transfer)
  }

  /** All with this reference; the last is what a gateway means by it. */
  paymentsOf = (gateway: GatewayName, reference: string): readonly Payment[] =>
    this.#byReference.get(keyOf(gateway, reference)) ?? []
  payment = (gateway: GatewayName, reference: string) => this.paymentsOf(gateway, reference).at(-1)
  paymentOfPage = (gateway: GatewayName, token: string) => this.#payments.get(keyOf(gateway, token))
  paymentOfCharge = (gateway: GatewayName, id: number | string) => this.#charges.get(keyOf(gateway, id))
  paymentOfKey = (gateway: GatewayName, key: string) => this.#keys.get(keyOf(gateway, key))
  refund = (gateway: GatewayName, id: number | string) => this.#refunds.get(keyOf(gateway, id))
  refundsOf = ({ gateway, token }: Payment): readonly Refund[] =>
    this.#refundsOf.get(keyOf(gateway, token)) ?? []
  recipient = (code: string) => this.#recipients.get(code)
  recipientOf = (account: Account) => this.#accounts.get(accountOf(account))
  transfer = (gateway: GatewayName, reference: string) => this.#transfers.get(keyOf(gateway, reference))
  transferOfId = (gateway: GatewayName, id: number | string) => this.#transferIds.get(keyOf(gateway, id))

  payments = (gateway: GatewayName) => ofGateway(this.#payments, gateway)
  refunds = (gateway: GatewayName) => ofGateway(this.#refunds, gateway)
  transfers = (gateway: GatewayName) => ofGateway(this.#transfers, gateway)

  snapshot(): Snapshot {
    return {
      version: 1,
      ids: [this.#count, this.#chance],
      payments: [...this.#payments.values()],
      refunds: [...this.#refunds.values()],
      recipients: [...this.#recipients.values()],
      transfers: [...this.#transfers.values()],
      calls: [...this.calls],
    }
  }

  restore(snapshot: Snapshot): void {
    for (const payment of snapshot.payments) this.addPayment(payment)
    for (const refund of snapshot.refunds) this.addRefund(refund)
    for (const recipient of snapshot.recipients) this.addRecipient(recipient)
    for (const transfer of snapshot.transfers) this.addTransfer(transfer)
    for (const [call, count] of snapshot.calls) this.calls.set(call, count)
    ;[this.#count, this.#chance] = snapshot.ids
  }

  /** Mulberry32: small, and the same for the same seed. */
  #random(): number {
    this.#chance = (this.#chance + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#chance ^ (this.#chance >>> 15), 1 | this.#chance)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const keyOf = (gateway: GatewayName, id: number | string): string => `${gateway} ${id}`

type Account = Pick<Recipient, 'type' | 'accountNumber' | 'bankCode'>

const accountOf = ({ type, accountNumber, bankCode }: Account): string =>
  `${type} ${bankCode} ${accountNumber}`

const ofGateway = <Item extends { readonly gateway: GatewayName }>(
  items: ReadonlyMap<string, Item>,
  gateway: GatewayName,
): Item[] => [...items.values()].filter((item) => item.gateway === gateway)
