/** The words of the product, one per idea. Wire spellings of the original system live in the server's `classic/`. */

/** What a person is to the system. A customer books, a driver drives, staff operate. */
export const ROLES = ['customer', 'driver', 'staff'] as const
export type Role = (typeof ROLES)[number]

/** Vehicle classes a tariff prices and a driver owns, by payload. */
export const VEHICLE_CLASSES = [
  'motorbike',
  'bakkie',
  'truck-1t',
  'truck-1.5t',
  'truck-2t',
  'truck-4t',
  'truck-8t',
] as const
export type VehicleClass = (typeof VEHICLE_CLASSES)[number]

/** Markets are countries (ISO 3166-1 alpha-2). A market fixes currency, tariffs and local time. */
export const MARKETS = ['ZA', 'NG', 'KE', 'GH'] as const
export type Market = (typeof MARKETS)[number]

/** ISO 4217 codes of the markets' currencies; each has two decimals. */
export const CURRENCIES = ['ZAR', 'NGN', 'KES', 'GHS'] as const
export type Currency = (typeof CURRENCIES)[number]

/** `pending` is a quote (with or without an open offer); `completed`, `cancelled` and `expired` are final. */
export const TRIP_STATUSES = [
  'pending',
  'accepted',
  'en_route',
  'arrived_pickup',
  'loaded',
  'in_transit',
  'arrived_dest',
  'completed',
  'cancelled',
  'expired',
] as const
export type TripStatus = (typeof TRIP_STATUSES)[number]

/** Why the driver of a trip worries us: not heard of, standing still, or going away instead of coming. */
export const TRIP_CONCERNS = ['dark', 'stalled', 'retreating'] as const
export type TripConcern = (typeof TRIP_CONCERNS)[number]

/** An offer is `open` until exactly one of the other four ends it. */
export const OFFER_STATES = ['open', 'accepted', 'rejected', 'expired', 'withdrawn'] as const
export type OfferState = (typeof OFFER_STATES)[number]

export const PAYMENT_METHODS = ['cash', 'card', 'mobile_money', 'bank_transfer'] as const
export type PaymentMethod = (typeof PAYMENT_METHODS)[number]

/**
 * `created` before the gateway was asked, `pending` until the customer has paid, `unknown` while nobody can say (never the same
 * as failed), `underpaid` when less than was due came in. A refund is `refunding` until the gateway has done it; `reversed`
 * is money that the customer's bank has taken back.
 */
export const PAYMENT_STATUSES = [
  'created',
  'pending',
  'unknown',
  'success',
  'failed',
  'underpaid',
  'refunding',
  'refunded',
  'reversed',
] as const
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number]

/** Payment gateways that can be set up. */
export const GATEWAYS = ['paystack', 'flutterwave', 'yoco'] as const
export type GatewayName = (typeof GATEWAYS)[number]

/** Matters of money that a person has to look at. */
export const CASE_KINDS = [
  'cash-disputed',
  'cash-short',
  'payment-mismatch',
  'payment-unclear',
  'charge-reversed',
  'charge-disputed',
  'refund-stuck',
  'payout-stuck',
  'reconciliation',
] as const
export type CaseKind = (typeof CASE_KINDS)[number]

/** Who did something to a trip; `system` is a timer. */
export type Actor = Role | 'system'
