import type { PaymentMethod, VehicleClass } from '@toota/contract'
import { amount, day, dayAndTime, kilometers, MARKET_FORMS } from './market-form.ts'
import type { Receipt } from './receipt.ts'

type Row = readonly [label: string, value: string]

/** A receipt filled in: the same words for the PDF, the page and the text. Nothing in it is escaped yet. */
export type ReceiptForm = {
  readonly heading: 'Tax invoice' | 'Receipt'
  readonly number: string
  readonly issuedOn: string
  readonly locale: string
  readonly company: string
  /** Its address and tax number. */
  readonly companyLines: readonly string[]
  readonly facts: readonly Row[]
  readonly lines: readonly Row[]
  readonly total: Row
  readonly payments: readonly Row[]
  readonly note: string
}

const VEHICLES: Readonly<Record<VehicleClass, string>> = {
  motorbike: 'Motorbike',
  bakkie: 'Bakkie',
  'truck-1t': 'Truck, 1 t',
  'truck-1.5t': 'Truck, 1.5 t',
  'truck-2t': 'Truck, 2 t',
  'truck-4t': 'Truck, 4 t',
  'truck-8t': 'Truck, 8 t',
}

const PAYMENTS: Readonly<Record<PaymentMethod | 'credit', string>> = {
  credit: 'Credit used',
  cash: 'Cash',
  card: 'Card',
  mobile_money: 'Mobile money',
  bank_transfer: 'Bank transfer',
}

/** A load may be described in 2,000 characters; a receipt names it. */
const LOAD_LENGTH = 200

export function fillIn(receipt: Receipt): ReceiptForm {
  const { market, currency, facts } = receipt
  const { locale, taxNumber } = MARKET_FORMS[market]
  const money = (amountMinor: number) => amount(market, currency, amountMinor)
  const isTaxed = receipt.lines.some(({ kind, amountMinor }) => kind === 'tax' && amountMinor > 0)
  const company = oneLine(facts.company.name)
  return {
    heading: receipt.kind === 'tax-invoice' ? 'Tax invoice' : 'Receipt',
    number: receipt.number,
    issuedOn: day(market, receipt.issuedAt),
    locale,
    company,
    companyLines: [
      ...(facts.company.address === null ? [] : [oneLine(facts.company.address)]),
      ...(facts.company.taxNumber === null ? [] : [`${taxNumber} ${oneLine(facts.company.taxNumber)}`]),
    ],
    facts: factsOf(receipt),
    lines: receipt.lines.map(({ label, amountMinor }) => [label, money(amountMinor)]),
    total: ['Total', money(receipt.totalMinor)],
    payments: receipt.payments.map(({ by, amountMinor }) => [PAYMENTS[by], money(amountMinor)]),
    note:
      `The transport is the driver's service, arranged by ${company}.` +
      (isTaxed ? ' Tax is charged on the service fee.' : ''),
  }
}

function factsOf({ market, facts, trip, completedAt, tripId }: Receipt): Row[] {
  const load = shorten(oneLine(trip.loadDescription))
  const vehicle = [VEHICLES[trip.vehicleClass], facts.vehicleRegistration]
  return [
    ['Customer', oneLine(facts.customerName)],
    ['Completed', dayAndTime(market, completedAt)],
    ['From', oneLine(trip.pickup.address)],
    ['To', oneLine(trip.destination.address)],
    ['Distance', kilometers(market, trip.distanceMeters)],
    ...(load === '' ? [] : [['Load', load] as const]),
    ['Driver', oneLine(facts.driverName)],
    [
      'Vehicle',
      vehicle
        .filter((part) => part !== null)
        .map(oneLine)
        .join(' · '),
    ],
    ['Trip', tripId],
  ]
}

/** What people typed, without line breaks, other controls and signs that turn the direction of writing. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()

function shorten(text: string): string {
  const signs = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment)
  return signs.length <= LOAD_LENGTH ? text : `${signs.slice(0, LOAD_LENGTH).join('').trimEnd()}…`
}
