import type { GatewayName, PaymentStatus } from '@toota/contract'
import type { CallFault } from '../gateways/faults.ts'
import type { PaymentScript } from '../gateways/scripts.ts'
import { HOUR } from './webhook-faults.ts'

/*
 * What has to become of what customers and banks do, written down from promises L2–L5. However it gets to us, and whatever goes
 * wrong with the first question, it ends so.
 */

/** Where the money is, in minor units of a fare of {@link FARE}. */
export type Money = {
  readonly held?: number
  readonly credit?: number
  /** With the gateway, not booked: a person has to look. */
  readonly unbooked?: number
  /** Back with the customer. */
  readonly back?: number
  /** Ours still, for a refund that nobody has heard the end of. */
  readonly returning?: number
}

export const FARE = 23_456

export type ScriptRow = {
  readonly script: PaymentScript
  readonly words: string
  readonly on?: readonly GatewayName[]
  /** The trip is cancelled once it is paid, so that the money goes back. */
  readonly isCancelled?: boolean
  /** Time until it is as it will be. */
  readonly afterSeconds?: number
  readonly status: PaymentStatus
  readonly money: Money
  /** Where no webhook comes, if that makes a difference. */
  readonly unheard?: Money
  readonly cases: readonly string[]
}

export const SCRIPTS: readonly ScriptRow[] = [
  { script: 'success', words: 'he pays', status: 'success', money: { held: FARE }, cases: [] },
  {
    script: 'fail',
    words: 'he is declined',
    on: ['paystack', 'flutterwave'],
    status: 'failed',
    money: {},
    cases: [],
  },
  {
    // A checkout of Yoco's says nothing of a card that was declined.
    script: 'fail',
    words: 'he is declined',
    on: ['yoco'],
    status: 'pending',
    money: {},
    cases: [],
  },
  {
    script: 'abandon-then-late-success',
    words: 'he leaves, and pays an hour later',
    afterSeconds: HOUR,
    status: 'success',
    money: { held: FARE },
    cases: [],
  },
  {
    script: 'underpay',
    words: 'a cent too little',
    status: 'underpaid',
    money: { credit: FARE - 1 },
    cases: [],
  },
  {
    script: 'overpay',
    words: 'a cent too much',
    status: 'success',
    money: { held: FARE, credit: 1 },
    cases: [],
  },
  {
    script: 'other-currency',
    words: 'another currency',
    status: 'failed',
    money: { unbooked: FARE },
    cases: ['payment-mismatch'],
  },
  {
    script: 'other-reference',
    words: "somebody else's reference",
    status: 'failed',
    money: { unbooked: FARE },
    cases: ['payment-mismatch'],
  },
  {
    script: 'domain-test',
    words: 'play money',
    on: ['paystack', 'yoco'],
    status: 'failed',
    money: { unbooked: FARE },
    cases: ['payment-mismatch'],
  },
  {
    // Version 3 does not tell play money from real; only the key does.
    script: 'domain-test',
    words: 'play money',
    on: ['flutterwave'],
    status: 'success',
    money: { held: FARE },
    cases: [],
  },
  {
    script: 'success',
    words: 'he pays, and cancels',
    isCancelled: true,
    status: 'refunded',
    money: { back: FARE },
    cases: [],
  },
  {
    script: 'refund-failed',
    words: 'the refund fails',
    on: ['paystack', 'flutterwave'],
    isCancelled: true,
    status: 'refunding',
    money: { credit: FARE },
    cases: ['refund-stuck'],
  },
  {
    script: 'refund-needs-attention',
    words: 'the refund waits for a person there',
    isCancelled: true,
    status: 'refunding',
    money: { returning: FARE },
    cases: ['refund-stuck'],
  },
  {
    // Nobody can be asked how it ended: only its webhook says so.
    script: 'refund-failed',
    words: 'the refund fails',
    on: ['yoco'],
    isCancelled: true,
    status: 'refunding',
    money: { credit: FARE },
    unheard: { returning: FARE },
    cases: ['refund-stuck'],
  },
]

/**
 * How it gets to us: webhooks (so many copies), the browser, or our own question. The first answer may be spoiled, in one of each
 * kind: the fault matrix has them all.
 */
export type Channel = {
  readonly words: string
  readonly webhooks: number
  readonly isRedirected?: boolean
  readonly fault?: CallFault
}

export const CHANNELS: readonly Channel[] = [
  { words: 'webhooks', webhooks: 1 },
  { words: 'each webhook five times', webhooks: 5 },
  { words: 'the browser alone', webhooks: 0, isRedirected: true },
  { words: 'our own question alone', webhooks: 0 },
  { words: 'webhooks, and the first question is cut off', webhooks: 1, fault: 'reset-before' },
  { words: 'webhooks, and the first answer is 429', webhooks: 1, fault: '429' },
  { words: 'webhooks, and the first answer is an error in 200', webhooks: 1, fault: 'status-false' },
  { words: 'webhooks, and the first answer is HTML', webhooks: 1, fault: 'html' },
  { words: 'webhooks, and the first amount is NaN', webhooks: 1, fault: 'nan' },
]
