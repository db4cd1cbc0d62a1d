import type { GatewayName, PaymentStatus } from '@toota/contract'
import type { CallFault } from '../gateways/faults.ts'

/*
 * What has to become of a call that goes wrong, written down from promises §3 and §5.5: unknown is never failed, what may have
 * arrived is looked up before it is tried again, and money is counted and sent once. The matrix plays every cell, and
 * docs/gateway-faults.md is compared with this file.
 */

export const CALLS = ['initialize', 'verify', 'refund', 'find-refund'] as const
export type CallKind = (typeof CALLS)[number]

/** The gateways' own calls. Yoco has no list of refunds: the same order is repeated under its key. */
export const CALL_NAMES: Readonly<Record<CallKind, Readonly<Record<GatewayName, string>>>> = {
  initialize: {
    paystack: 'paystack.initialize',
    flutterwave: 'flutterwave.initialize',
    yoco: 'yoco.initialize',
  },
  verify: {
    paystack: 'paystack.verify',
    flutterwave: 'flutterwave.verify-by-reference',
    yoco: 'yoco.verify',
  },
  refund: { paystack: 'paystack.refund', flutterwave: 'flutterwave.refund', yoco: 'yoco.refund' },
  'find-refund': {
    paystack: 'paystack.list-refunds',
    flutterwave: 'flutterwave.list-refunds',
    yoco: 'yoco.refund',
  },
}

/** `not arrived`: nothing was done. `answer lost`: it was done. `no harm`: the answer still says what we need. */
export type Effect = 'not arrived' | 'answer lost' | 'no harm'

export type FaultRow = {
  readonly fault: CallFault
  readonly words: string
  /** Absent where the fault itself says whether the work was done. */
  readonly isProcessed?: boolean
  /** We hang up before it answers. */
  readonly isLate?: boolean
  /** What it is for a call that changes something. */
  readonly effect: Effect
  /** Calls whose answer has no amount to be spoiled, or one that nobody reads. */
  readonly harmless?: Partial<Record<CallKind, readonly GatewayName[]>>
}

const ALL = ['paystack', 'flutterwave', 'yoco'] as const

export const FAULTS: readonly FaultRow[] = [
  { fault: 'reset-before', words: 'connection reset before the work', effect: 'not arrived' },
  { fault: 'reset-after', words: 'connection reset after it', effect: 'answer lost' },
  { fault: 'stall', words: 'a stall, then 503; not done', effect: 'not arrived' },
  { fault: 'stall', words: 'a stall, then 503; done', isProcessed: true, effect: 'answer lost' },
  { fault: 'stall', words: 'no answer within our limit; not done', isLate: true, effect: 'not arrived' },
  {
    fault: 'stall',
    words: 'no answer in time; done',
    isLate: true,
    isProcessed: true,
    effect: 'answer lost',
  },
  { fault: '429', words: '429 with Retry-After', isProcessed: false, effect: 'not arrived' },
  { fault: '500', words: '500; not done', isProcessed: false, effect: 'not arrived' },
  { fault: '500', words: '500; done', isProcessed: true, effect: 'answer lost' },
  { fault: 'status-false', words: '200 with an error in it; not done', effect: 'not arrived' },
  {
    fault: 'status-false',
    words: '200 with an error in it; done',
    isProcessed: true,
    effect: 'answer lost',
  },
  { fault: 'html', words: 'a page of HTML; not done', effect: 'not arrived' },
  { fault: 'html', words: 'a page of HTML; done', isProcessed: true, effect: 'answer lost' },
  { fault: 'truncated', words: 'half an answer', effect: 'answer lost' },
  { fault: 'huge', words: 'an answer without end', effect: 'answer lost' },
  {
    fault: 'nan',
    words: 'NaN for the amount',
    effect: 'answer lost',
    harmless: {
      initialize: ['paystack', 'flutterwave'],
      refund: ['flutterwave', 'yoco'],
      'find-refund': ['flutterwave', 'yoco'],
    },
  },
  {
    fault: 'text-amount',
    words: 'text for the amount',
    effect: 'answer lost',
    harmless: { initialize: ALL, refund: ALL, 'find-refund': ['flutterwave', 'yoco'] },
  },
]

/** Asking changes nothing, so whether it was done makes no difference. */
export const isAsking = (call: CallKind): boolean => call === 'verify' || call === 'find-refund'

export const effectOf = (row: FaultRow, call: CallKind, gateway: GatewayName): Effect =>
  row.harmless?.[call]?.includes(gateway) ? 'no harm' : row.effect

/** So many at each gateway, in the order of {@link ALL}. */
type ForEach = readonly [paystack: number, flutterwave: number, yoco: number]

export type InitializeEnd = {
  /** The client, at first and when he tries again. */
  readonly told: 'link' | 'gateway-unavailable'
  readonly status: PaymentStatus
  /** Payments of the trip in the end: Paystack takes a reference once, and its page's address is lost. */
  readonly attempts: ForEach
  readonly initialized: ForEach
  readonly verified: ForEach
}

/** Whatever happened before: the customer gets a page, pays, and is charged once; nothing is left for a person. */
export const INITIALIZE_ENDS: Readonly<Record<Effect, InitializeEnd>> = {
  'no harm': {
    told: 'link',
    status: 'pending',
    attempts: [1, 1, 1],
    initialized: [1, 1, 1],
    verified: [0, 0, 0],
  },
  'not arrived': {
    told: 'gateway-unavailable',
    status: 'unknown',
    attempts: [1, 1, 1],
    initialized: [2, 2, 2],
    // Yoco is asked by the id of its page, which nobody has got yet; its key makes the repeat safe.
    verified: [1, 1, 0],
  },
  'answer lost': {
    told: 'gateway-unavailable',
    status: 'unknown',
    attempts: [2, 1, 1],
    initialized: [3, 2, 2],
    verified: [1, 1, 0],
  },
}

export type VerifyEnd = {
  readonly told: 'gateway-unavailable'
  readonly status: PaymentStatus
  readonly booked: number
}

/** The money is the gateway's until the next question, and then held for the trip. */
export const VERIFY_END: VerifyEnd = { told: 'gateway-unavailable', status: 'pending', booked: 0 }

export type RefundEnd = {
  /** After the first try: ours, and how many the gateway has. */
  readonly state: readonly [paystack: string, flutterwave: string, yoco: string]
  readonly made: number
  /** Orders that were sent until it was done; Yoco's repeat under the same key makes no second refund. */
  readonly sent: ForEach
}

/** Whatever happened before: the customer has his money back once, and nothing is left for a person. */
export const REFUND_ENDS: Readonly<Record<Effect, RefundEnd>> = {
  'no harm': { state: ['sent', 'done', 'done'], made: 1, sent: [1, 1, 1] },
  'not arrived': { state: ['sent', 'sent', 'sent'], made: 0, sent: [2, 2, 2] },
  'answer lost': { state: ['sent', 'sent', 'sent'], made: 1, sent: [1, 1, 2] },
}

/** Its order was sent, and the answer to it lost. `state` after the question; nothing is sent while nobody can say. */
export const FIND_REFUND_ENDS: Readonly<Record<'no harm' | 'spoiled', Omit<RefundEnd, 'made'>>> = {
  'no harm': { state: ['sent', 'done', 'done'], sent: [1, 1, 2] },
  spoiled: { state: ['sent', 'sent', 'sent'], sent: [1, 1, 3] },
}

/** The number of this gateway. */
export const at = <T>(values: readonly [T, T, T], gateway: GatewayName): T => values[ALL.indexOf(gateway)]!
