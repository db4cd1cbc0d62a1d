import type {
  Currency,
  ErrorCode,
  GatewayName,
  PaymentMethod,
  PaymentStatus,
  TripStatus,
} from '@toota/contract'
import type { CustomerId, DriverId, PaymentId } from '../../src/kernel/index.ts'
import type { Trip } from '../../src/features/trips/index.ts'

/** What the accounts of people are changed by, credits positive; everything else belongs to operator and gateways. */
export type Change = Partial<Record<'held' | 'credit' | 'receivable' | 'driver' | 'withheld', number>>

/** One attempt to pay, as the rules have it. */
export type ModelPayment = {
  readonly id: PaymentId
  readonly method: PaymentMethod
  readonly gateway: GatewayName | null
  readonly reference: string | null
  readonly dueMinor: number
  readonly creditMinor: number
  status: PaymentStatus
  isReplaced: boolean
  /** At the gateway: what somebody has paid there, or that he was declined. */
  atGateway: number | 'declined' | undefined
  /** What of it we have heard, and given back. */
  charge: { readonly amountMinor: number; refundedMinor: number; readonly isCounted: boolean } | undefined
  hasOpenRefund: boolean
  receivedMinor: number | undefined
  isStated: boolean
  confirmedMinor: number | undefined
  triesLeft: number
}

export type ModelTrip = {
  readonly trip: Trip
  status: TripStatus
  driverId: DriverId | undefined
  /** Who is asked. */
  offeredTo: DriverId | undefined
  readonly payments: ModelPayment[]
  /** What its cash has done to people's accounts so far. */
  cash: Required<Change>
  matter: 'none' | 'open' | 'resolved'
  givenMinor: number
}

export type Model = {
  readonly customers: readonly CustomerId[]
  readonly drivers: readonly DriverId[]
  readonly limitMinor: number
  readonly trips: ModelTrip[]
  /** By kind, owner and currency. */
  readonly balances: Map<string, number>
}

/** What the model says that the product refuses. */
export class Refused extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode) {
    super(code)
    this.code = code
  }
}

export function refuseIf(condition: boolean, code: ErrorCode): void {
  if (condition) throw new Refused(code)
}

export const NO_CASH: Required<Change> = { held: 0, credit: 0, receivable: 0, driver: 0, withheld: 0 }
const KINDS = ['held', 'credit', 'receivable', 'driver', 'withheld'] as const

export const keyOf = (kind: string, owner: string, currency: string): string => `${kind} ${owner} ${currency}`

export const balanceOf = (model: Model, kind: keyof Change, owner: string, currency: Currency): number =>
  model.balances.get(keyOf(kind, owner, currency)) ?? 0

export const creditOf = (model: Model, { trip }: ModelTrip): number =>
  balanceOf(model, 'credit', trip.customerId, trip.fare.currency)

export const livePayment = ({ payments }: ModelTrip): ModelPayment | undefined =>
  payments.find(({ isReplaced }) => !isReplaced)

export const isPaid = ({ status }: ModelPayment): boolean =>
  status === 'success' || status === 'refunding' || status === 'refunded' || status === 'reversed'

export const isOpen = ({ status }: ModelPayment): boolean => status === 'created' || status === 'pending'

/** Moves money of the trip's customer and driver. */
export function move(model: Model, { trip, driverId }: ModelTrip, change: Change): void {
  for (const kind of KINDS) {
    const amountMinor = change[kind] ?? 0
    if (amountMinor === 0) continue
    const owner = kind === 'driver' || kind === 'withheld' ? driverId! : trip.customerId
    const key = keyOf(kind, owner, trip.fare.currency)
    model.balances.set(key, (model.balances.get(key) ?? 0) + amountMinor)
  }
}

/** What cash of this amount does: too much is credit, too little is owed by the one and waited for by the other. */
export function cashOf(dueMinor: number, receivedMinor: number): Required<Change> {
  const shortMinor = Math.max(0, dueMinor - receivedMinor)
  return {
    ...{ held: dueMinor, credit: Math.max(0, receivedMinor - dueMinor), receivable: -shortMinor },
    ...{ driver: -receivedMinor - shortMinor, withheld: shortMinor },
  }
}

/** From what the trip's cash has done to what it should have; credit that is spent is owed instead. */
export function rebook(model: Model, matter: ModelTrip, right: Required<Change>): void {
  const change = { ...right }
  for (const kind of KINDS) change[kind] -= matter.cash[kind]
  const missingMinor = Math.max(0, -change.credit - creditOf(model, matter))
  change.credit += missingMinor
  change.receivable -= missingMinor
  move(model, matter, change)
  for (const kind of KINDS) matter.cash[kind] += change[kind]
}

/** 20 %, halves up. */
export const earningOf = ({ fare }: Trip): number =>
  fare.amountMinor - Math.floor((fare.amountMinor * 2 + 5) / 10)
