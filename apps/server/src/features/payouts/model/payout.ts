import type { Currency, GatewayName, Market, PayoutState } from '@toota/contract'
import type { DriverId, Money, PayoutId } from '../../../kernel/index.ts'

/** Where a driver's earnings go. */
export type Destination = {
  readonly kind: 'bank' | 'mobile_money'
  readonly name: string
  readonly accountNumber: string
  readonly bankCode: string
}

/** Earnings on their way to a driver; its amount is off his balance from the beginning. */
export type Payout = {
  readonly id: PayoutId
  readonly driverId: DriverId
  readonly gateway: GatewayName
  /** What the gateway knows it by; ours, and the same at every repeat. */
  readonly reference: string
  readonly amount: Money
  /** As it was when the payout was asked for. */
  readonly destination: Destination
  readonly state: PayoutState
  readonly gatewayId: string | null
  readonly failure: string | null
  /** It may have reached the gateway. */
  readonly wasSent: boolean
  /** How often the sweep has looked at it in its present state of being open or ended. */
  readonly looks: number
  readonly createdAt: Date
  readonly endedAt: Date | null
}

export const isOpen = ({ state }: Pick<Payout, 'state'>): boolean => state === 'created' || state === 'sent'

export const MARKET_OF: Readonly<Record<Currency, Market>> = { ZAR: 'ZA', NGN: 'NG', KES: 'KE', GHS: 'GH' }

/** All that anybody is shown of an account number, its owner included. */
export const lastDigits = (accountNumber: string): string => accountNumber.slice(-4)

const DAY_SECONDS = 24 * 3600
const OPEN_AFTER_SECONDS = [30, 2 * 60, 10 * 60, 3600, 6 * 3600] as const
/** Banks send money back days later, and the webhook that tells so may be lost. */
const ENDED_AFTER_SECONDS = [DAY_SECONDS, 6 * DAY_SECONDS] as const

/** When to look at an open payout next. `isOverdue`: by now a person should have a look as well. */
export const nextOpenLook = (looks: number): { readonly seconds: number; readonly isOverdue: boolean } => {
  const seconds = OPEN_AFTER_SECONDS[Math.max(0, looks - 1)]
  return { seconds: seconds ?? DAY_SECONDS, isOverdue: seconds === undefined }
}

/** Seconds until the look of this number (from 0) at one that has ended; null after the last. */
export const nextEndedLook = (looks: number): number | null => ENDED_AFTER_SECONDS[looks] ?? null
