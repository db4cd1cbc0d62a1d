import type { GatewayName } from './wire.ts'

/** What happens when somebody pays, and later to that money. */
export const PAYMENT_SCRIPTS = [
  'success',
  'fail',
  'abandon-then-late-success',
  'underpay',
  'overpay',
  'other-currency',
  'other-reference',
  'domain-test',
  'double-success',
  'reversed',
  'dispute',
  'refund-failed',
  'refund-needs-attention',
  'refund-slow',
] as const
export type PaymentScript = (typeof PAYMENT_SCRIPTS)[number]

/** What becomes of a transfer, where not all goes well. */
export const TRANSFER_SCRIPTS = ['transfer-failed', 'transfer-reversed', 'transfer-otp'] as const
export type TransferScript = (typeof TRANSFER_SCRIPTS)[number] | 'success'

/** A script of either kind. */
export type Script = PaymentScript | TransferScript

/** A later change, so many seconds after the one before. */
export type Step<Status> = { readonly to: Status; readonly seconds: number }

/** In Paystack's words; the other gateways have theirs. */
export type RefundStatus = 'pending' | 'processing' | 'processed' | 'failed' | 'needs-attention'
/** In Paystack's words. */
export type TransferStatus = 'pending' | 'otp' | 'success' | 'failed' | 'reversed'
/** What happens to a payment later. */
export type PaymentStep = 'paid' | 'reversed' | 'dispute-create' | 'dispute-remind' | 'dispute-resolve'

const HOUR = 3600
/** How long a gateway takes for what is not instant: long enough to be seen as pending. */
export const SETTLE_SECONDS = 2
/** Of the script `abandon-then-late-success`. */
export const LATE_SECONDS = HOUR
/** Of the script `refund-slow`. */
export const SLOW_REFUND_SECONDS = 72 * HOUR

/** What becomes of a payment after somebody has tried to pay it. */
export function planOfPayment(script: PaymentScript): Step<PaymentStep>[] {
  if (script === 'abandon-then-late-success') return [{ to: 'paid', seconds: LATE_SECONDS }]
  if (script === 'reversed') return [{ to: 'reversed', seconds: SETTLE_SECONDS }]
  if (script !== 'dispute') return []
  return [
    { to: 'dispute-create', seconds: SETTLE_SECONDS },
    { to: 'dispute-remind', seconds: 4 * HOUR },
    { to: 'dispute-resolve', seconds: 20 * HOUR },
  ]
}

/** What becomes of a refund that is pending. */
export function planOfRefund(script: PaymentScript): Step<RefundStatus>[] {
  const processing = { to: 'processing', seconds: SETTLE_SECONDS } as const
  if (script === 'refund-failed') return [processing, { to: 'failed', seconds: SETTLE_SECONDS }]
  if (script === 'refund-needs-attention')
    return [processing, { to: 'needs-attention', seconds: SETTLE_SECONDS }]
  const seconds = script === 'refund-slow' ? SLOW_REFUND_SECONDS : SETTLE_SECONDS
  return [processing, { to: 'processed', seconds }]
}

/** What becomes of a transfer; one that waits for an OTP waits for ever. */
export function planOfTransfer(script: TransferScript): Step<TransferStatus>[] {
  if (script === 'transfer-otp') return []
  if (script === 'transfer-failed') return [{ to: 'failed', seconds: SETTLE_SECONDS }]
  const success = { to: 'success', seconds: SETTLE_SECONDS } as const
  return script === 'transfer-reversed' ? [success, { to: 'reversed', seconds: HOUR }] : [success]
}

/** A script for one reference, or for the next payments or transfers; `success` is for both kinds. */
export type ScriptRule = {
  readonly script: Script
  readonly reference?: string
  readonly gateway?: GatewayName
  /** Without a reference: for how many; if absent, for all from now on. */
  readonly times?: number
}

/** Which script the next payment or transfer follows: its own, then those for the next few, then the last for all. */
export class ScriptBook {
  readonly #own = new Map<string, Script>()
  #next: { readonly rule: ScriptRule; left: number }[] = []
  #standing: ScriptRule[] = []

  add(rule: ScriptRule): void {
    if (rule.reference !== undefined) this.#own.set(rule.reference, rule.script)
    else if (rule.times === undefined) this.#standing.unshift(rule)
    else this.#next.push({ rule, left: rule.times })
  }

  forPayment(gateway: GatewayName, reference: string): PaymentScript {
    return this.#take(gateway, reference, isForPayments) ?? 'success'
  }

  forTransfer(gateway: GatewayName, reference: string): TransferScript {
    return this.#take(gateway, reference, isForTransfers) ?? 'success'
  }

  clear(): void {
    this.#own.clear()
    this.#next = []
    this.#standing = []
  }

  #take<Kind extends Script>(
    gateway: GatewayName,
    reference: string,
    fits: (script: Script) => script is Kind,
  ): Kind | undefined {
    const own = this.#own.get(reference)
    if (own !== undefined && fits(own)) return own
    const isMeant = (rule: ScriptRule): boolean => fits(rule.script) && (rule.gateway ?? gateway) === gateway
    const counted = this.#next.find(({ rule, left }) => left > 0 && isMeant(rule))
    if (counted) counted.left -= 1
    const script = (counted?.rule ?? this.#standing.find(isMeant))?.script
    return script !== undefined && fits(script) ? script : undefined
  }
}

/** Whether the script is about payments. */
export const isForPayments = (script: Script): script is PaymentScript =>
  (PAYMENT_SCRIPTS as readonly Script[]).includes(script)

const isForTransfers = (script: Script): script is TransferScript =>
  script === 'success' || !isForPayments(script)
