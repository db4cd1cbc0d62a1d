import type { GatewayName } from '@toota/contract'
import type { WebhookRule } from '../gateways/webhooks.ts'

/*
 * What has to become of a webhook that goes wrong, written down from promises §5.5 and §5.6: only its signature counts, it is
 * kept once, and whether it comes at all changes when a payment is paid, never whether, nor how often.
 */

export const HOUR = 3600
const DAYS = 24 * HOUR

export type WebhookRow = {
  readonly words: string
  readonly rule?: Omit<WebhookRule, 'gateway' | 'next'>
  /** What our server answers before it comes to itself. */
  readonly down?: readonly number[]
  /** The page's order is answered only after the webhook was. */
  readonly isBeforePage?: boolean
  readonly signing?: 'v4'
  readonly on?: readonly GatewayName[]
  /** What the attempts were answered with, before time passes. */
  readonly atOnce: readonly number[]
  /** And then by the gateway's own schedule, or when it comes late. */
  readonly later: readonly number[]
  readonly laterSeconds?: number
  /** When the payment is paid: by the first webhook, by a later one, or by our own question. */
  readonly paidBy: 'the webhook' | 'the retry' | 'the sweep'
}

export const WEBHOOK_FAULTS: readonly WebhookRow[] = [
  { words: 'nothing goes wrong', atOnce: [200], later: [], paidBy: 'the webhook' },
  {
    words: 'three copies at once',
    rule: { times: 3 },
    atOnce: [200, 200, 200],
    later: [],
    paidBy: 'the webhook',
  },
  {
    words: 'late by 72 hours',
    rule: { delaySeconds: 3 * DAYS },
    atOnce: [],
    later: [200],
    laterSeconds: 3 * DAYS,
    paidBy: 'the retry',
  },
  { words: 'never', rule: { drop: true }, atOnce: [], later: [], paidBy: 'the sweep' },
  {
    words: 'before the page is answered',
    isBeforePage: true,
    atOnce: [200],
    later: [],
    paidBy: 'the webhook',
  },
  {
    words: 'a wrong signature, then the right one',
    rule: { forgery: 'bad-signature' },
    atOnce: [401],
    later: [200],
    paidBy: 'the retry',
  },
  {
    words: 'no signature, then the right one',
    rule: { forgery: 'no-signature' },
    atOnce: [401],
    later: [200],
    paidBy: 'the retry',
  },
  {
    words: 'a body that was changed',
    rule: { forgery: 'tampered-body' },
    on: ['paystack', 'yoco'],
    atOnce: [401],
    later: [200],
    paidBy: 'the retry',
  },
  {
    words: 'a changed body, signed as v4',
    rule: { forgery: 'tampered-body' },
    signing: 'v4',
    on: ['flutterwave'],
    atOnce: [401],
    later: [200],
    paidBy: 'the retry',
  },
  {
    // The secret itself is sent, and covers nothing: what the body says is not believed anyway.
    words: 'a changed body, signed as v3',
    rule: { forgery: 'tampered-body' },
    on: ['flutterwave'],
    atOnce: [200],
    later: [],
    paidBy: 'the webhook',
  },
  {
    words: 'a signature of ten minutes ago',
    rule: { forgery: 'old-timestamp' },
    on: ['yoco'],
    atOnce: [401],
    later: [200],
    paidBy: 'the retry',
  },
  {
    words: 'our server is down twice',
    down: [500, 404],
    atOnce: [500],
    later: [404, 200],
    paidBy: 'the retry',
  },
  {
    words: 'our server is down until it is given up',
    down: Array<number>(80).fill(503),
    atOnce: [503],
    later: [],
    laterSeconds: 4 * DAYS,
    paidBy: 'the sweep',
  },
]
