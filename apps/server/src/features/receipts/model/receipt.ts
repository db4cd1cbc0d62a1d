import type { Currency, Market, PaymentMethod, VehicleClass } from '@toota/contract'
import type { CustomerId, DriverId, TripId } from '../../../kernel/index.ts'
import { MARKET_FORMS, percent } from './market-form.ts'

/** How a completed trip's fare was divided, as payments wrote it down. */
export type Settlement = {
  readonly tripId: TripId
  readonly market: Market
  readonly currency: Currency
  readonly customerId: CustomerId
  readonly driverId: DriverId
  readonly method: PaymentMethod
  readonly fareMinor: number
  readonly earningMinor: number
  readonly commissionMinor: number
  readonly taxMinor: number
  readonly feeMinor: number
  /** 10,000 = 100 %; 0 where the operator was not registered for tax. */
  readonly taxBasisPoints: number
  readonly creditMinor: number
  readonly settledAt: Date
}

/** What may be otherwise tomorrow: written down with the number, so that a receipt stays as it was issued. */
export type ReceiptFacts = {
  readonly company: {
    readonly name: string
    readonly address: string | null
    readonly taxNumber: string | null
  }
  readonly customerName: string
  readonly driverName: string
  readonly vehicleRegistration: string | null
}

export type NumberedSettlement = Settlement & {
  readonly number: number
  readonly issuedAt: Date
  readonly facts: ReceiptFacts
}

export const isNumbered = (settlement: Settlement | NumberedSettlement): settlement is NumberedSettlement =>
  'number' in settlement

/** What a receipt says of the trip; fixed since it was requested. */
export type CarriedTrip = {
  readonly vehicleClass: VehicleClass
  readonly pickup: { readonly address: string }
  readonly destination: { readonly address: string }
  readonly distanceMeters: number
  readonly loadDescription: string
}

export type ReceiptLine = {
  readonly kind: 'transport' | 'service' | 'tax'
  readonly label: string
  readonly amountMinor: number
}
export type ReceiptPayment = { readonly by: PaymentMethod | 'credit'; readonly amountMinor: number }

export type Receipt = {
  readonly number: string
  readonly kind: 'tax-invoice' | 'receipt'
  readonly tripId: TripId
  readonly market: Market
  readonly currency: Currency
  readonly issuedAt: Date
  readonly completedAt: Date
  readonly facts: ReceiptFacts
  readonly trip: CarriedTrip
  readonly lines: readonly ReceiptLine[]
  readonly totalMinor: number
  readonly payments: readonly ReceiptPayment[]
}

export function receiptOf(settlement: NumberedSettlement, trip: CarriedTrip): Receipt {
  const { tripId, market, currency, number, issuedAt, settledAt, facts, fareMinor } = settlement
  return {
    number: numberText(market, number),
    kind: facts.company.taxNumber !== null && settlement.taxBasisPoints > 0 ? 'tax-invoice' : 'receipt',
    tripId,
    market,
    currency,
    issuedAt,
    completedAt: settledAt,
    facts,
    trip,
    lines: linesOf(settlement),
    totalMinor: fareMinor,
    payments: paymentsOf(settlement),
  }
}

/** `ZA-000123`; longer once there are a million. */
const numberText = (market: Market, number: number): string => `${market}-${String(number).padStart(6, '0')}`

/** The service fee is without its tax; the gateway's fee is the operator's to bear and so within it. */
export const linesOf = (settlement: Settlement): ReceiptLine[] => [
  { kind: 'transport', label: 'Transport by the driver', amountMinor: settlement.earningMinor },
  { kind: 'service', label: 'Service fee', amountMinor: settlement.commissionMinor + settlement.feeMinor },
  { kind: 'tax', label: taxLabel(settlement), amountMinor: settlement.taxMinor },
]

const taxLabel = ({ market, taxBasisPoints }: Settlement): string =>
  taxBasisPoints === 0
    ? 'VAT: not registered'
    : `${MARKET_FORMS[market].tax} ${percent(market, taxBasisPoints)}`

/** Credit first, as it was used; what is left by the chosen method. Of nothing there is one line, of 0. */
export function paymentsOf({ fareMinor, creditMinor, method }: Settlement): ReceiptPayment[] {
  const payments = [
    { by: 'credit' as const, amountMinor: creditMinor },
    { by: method, amountMinor: fareMinor - creditMinor },
  ].filter(({ amountMinor }) => amountMinor !== 0)
  return payments.length > 0 ? payments : [{ by: method, amountMinor: 0 }]
}
