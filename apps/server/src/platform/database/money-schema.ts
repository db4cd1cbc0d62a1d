import type { CaseKind, Currency, GatewayName, Market, PaymentMethod, PaymentStatus } from '@toota/contract'
import type { ColumnType, Generated } from 'kysely'
import type {
  CaseId,
  ChargeId,
  CustomerId,
  DriverId,
  PaymentId,
  PayoutId,
  RefundId,
  TripId,
} from '../../kernel/index.ts'

export type LedgerAccountKind =
  | 'held'
  | 'credit'
  | 'receivable'
  | 'driver'
  | 'withheld'
  | 'clearing'
  | 'refunds'
  | 'payouts'
  | 'fees'
  | 'commission'
  | 'tax'
  | 'opening'

/** The rows of `0005-money.sql`. */
export type MoneySchema = {
  payment: {
    id: PaymentId
    trip_id: TripId
    method: PaymentMethod
    status: Generated<PaymentStatus>
    amount_minor: number
    credit_minor: Generated<number>
    currency: Currency
    gateway: GatewayName | null
    reference: string | null
    page_gateway_id: string | null
    link: string | null
    created_at: Generated<Date>
    verified_at: Date | null
    paid_at: Date | null
    failure: string | null
    replaced_at: Date | null
    due_at: Date | null
    checks: Generated<number>
    busy_until: Date | null
    received_by: DriverId | null
    received_minor: number | null
    stated_at: Date | null
    confirmed_minor: number | null
    confirmed_at: Date | null
    code_tries_left: Generated<number>
  }
  charge: {
    id: ChargeId
    payment_id: PaymentId
    gateway: GatewayName
    gateway_id: string
    amount_minor: number
    currency: Currency
    fee_minor: number
    is_counted: boolean
    refunded_minor: Generated<number>
    reversed_at: Date | null
    created_at: Generated<Date>
  }
  refund: {
    id: RefundId
    charge_id: ChargeId
    amount_minor: number
    reason: string
    state: Generated<'created' | 'sent' | 'done' | 'failed'>
    gateway_id: string | null
    failure: string | null
    sent_at: Date | null
    due_at: Date | null
    checks: Generated<number>
    busy_until: Date | null
    created_at: Generated<Date>
    ended_at: Date | null
  }
  payout_account: {
    driver_id: DriverId
    kind: 'bank' | 'mobile_money'
    name: string
    account_number: string
    bank_code: string
    changed_at: Generated<Date>
  }
  payout: {
    id: PayoutId
    driver_id: DriverId
    gateway: GatewayName
    reference: string
    amount_minor: number
    currency: Currency
    kind: 'bank' | 'mobile_money'
    name: string
    account_number: string
    bank_code: string
    state: Generated<'created' | 'sent' | 'paid' | 'failed' | 'reversed'>
    gateway_id: string | null
    failure: string | null
    sent_at: Date | null
    due_at: Date | null
    checks: Generated<number>
    busy_until: Date | null
    created_at: Generated<Date>
    ended_at: Date | null
  }
  gateway_event: {
    id: Generated<number>
    gateway: GatewayName
    dedupe_key: string
    event: string
    about: string
    reference: string | null
    gateway_id: string | null
    received_at: Generated<Date>
    due_at: Date | null
    attempts: Generated<number>
  }
  money_case: {
    id: CaseId
    key: string
    kind: CaseKind
    trip_id: TripId | null
    payment_id: PaymentId | null
    refund_id: RefundId | null
    payout_id: PayoutId | null
    details: unknown
    opened_at: Generated<Date>
    resolved_at: Date | null
    resolved_by: string | null
    resolution: unknown
  }
  settlement: {
    trip_id: TripId
    market: Market
    currency: Currency
    customer_id: CustomerId
    driver_id: DriverId
    method: PaymentMethod
    fare_minor: number
    earning_minor: number
    commission_minor: number
    tax_minor: number
    fee_minor: number
    tax_basis_points: number
    credit_minor: number
    settled_at: Generated<Date>
    receipt_due_at: Generated<Date | null>
    receipt_number: number | null
    receipt_issued_at: Date | null
    receipt_facts: unknown
  }
  receipt_counter: { market: Market; last_number: number }
  ledger_account: {
    id: Generated<number>
    kind: LedgerAccountKind
    owner: string
    currency: Currency
    balance_minor: Generated<number>
  }
  ledger_transaction: {
    id: Generated<number>
    kind: string
    key: string
    trip_id: TripId | null
    memo: string | null
    at: Generated<Date>
  }
  ledger_entry: { transaction_id: number; account_id: number; amount_minor: number }
  reconciliation: {
    gateway: GatewayName
    /** `YYYY-MM-DD`, UTC. */
    day: ColumnType<string, string, string>
    checked_at: Generated<Date>
    charges: number
    differences: unknown
  }
}
