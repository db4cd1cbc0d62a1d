import type { Charge, Payment, Refund, Transfer } from './state.ts'

const ACCOUNT = 73362

/** Minor units as Flutterwave's JSON has them: a number in major units. */
export const majorOf = (minor: number): number => minor / 100

/** Major units, as a number or a string, without the detour of a float. */
export function minorOf(value: unknown): number | undefined {
  const [, whole, cents = ''] =
    /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(
      typeof value === 'number' || typeof value === 'string' ? String(value) : '',
    ) ?? []
  const minor = whole === undefined ? 0 : Number(whole) * 100 + Number(cents.padEnd(2, '0'))
  return minor > 0 ? minor : undefined
}

const CARD = {
  first_6digits: '553188',
  last_4digits: '2950',
  issuer: ' CREDIT',
  country: 'NIGERIA NG',
  type: 'MASTERCARD',
  expiry: '09/32',
}

/** A transaction as it is verified and listed. */
export const transactionShape = (payment: Payment, charge: Charge): Record<string, unknown> => ({
  ...chargeEventShape(payment, charge),
  card: { ...CARD, token: 'flw-t1nf-f9b3bf384cd30d6fca42b6df9d27bd2f-m03k' },
  meta: payment.metadata ?? null,
  amount_settled: charge.status === 'failed' ? 0 : majorOf(charge.amountMinor - charge.feeMinor),
})

/** `data` of `charge.completed`: without the settled amount. */
export const chargeEventShape = (payment: Payment, charge: Charge): Record<string, unknown> => ({
  id: charge.id,
  tx_ref: charge.shownReference,
  flw_ref: flwRefOf(charge),
  device_fingerprint: 'N/A',
  amount: majorOf(charge.amountMinor),
  currency: charge.currency,
  charged_amount: majorOf(charge.amountMinor),
  app_fee: majorOf(charge.feeMinor),
  merchant_fee: 0,
  processor_response: charge.status === 'failed' ? 'Declined' : 'Approved by Financial Institution',
  auth_model: 'PIN',
  ip: '52.209.154.143',
  narration: 'CARD Transaction ',
  status: charge.status === 'success' ? 'successful' : charge.status,
  payment_type: payment.channel,
  created_at: charge.at,
  account_id: ACCOUNT,
  card: CARD,
  customer: {
    id: Number(charge.id) + 1,
    name: 'Anonymous customer',
    phone_number: 'N/A',
    email: payment.email,
    created_at: payment.createdAt,
  },
})

/** A refund, `completed` or not; the note that it was ordered with is among it. */
export const refundShape = (charge: Charge, refund: Refund): Record<string, unknown> => ({
  id: refund.id,
  account_id: ACCOUNT,
  tx_id: refund.chargeId,
  flw_ref: flwRefOf(charge),
  wallet_id: 74639,
  amount_refunded: majorOf(refund.amountMinor),
  status: refundStatusOf(refund),
  destination: 'payment_source',
  comments: refund.note,
  meta: { source: 'availablebalance' },
  created_at: refund.createdAt,
})

const TRANSFER_STATUSES: Readonly<Record<Transfer['status'], string>> = {
  pending: 'NEW',
  otp: 'NEW',
  success: 'SUCCESSFUL',
  failed: 'FAILED',
  reversed: 'FAILED',
}

const COMPLETE_MESSAGES: Readonly<Record<Transfer['status'], string>> = {
  pending: '',
  otp: '',
  success: 'Successful',
  failed: 'DISBURSE FAILED: Transaction failed',
  reversed: 'DISBURSE FAILED: Transaction reversed',
}

/** A transfer; in its webhook the name is spelled `fullname`. */
export const transferShape = (
  transfer: Transfer,
  nameKey: 'full_name' | 'fullname',
): Record<string, unknown> => ({
  id: transfer.id,
  account_number: transfer.recipient.accountNumber,
  bank_code: transfer.recipient.bankCode,
  [nameKey]: transfer.recipient.name,
  created_at: transfer.createdAt,
  currency: transfer.currency,
  debit_currency: transfer.currency,
  amount: majorOf(transfer.amountMinor),
  fee: 26.875,
  status: TRANSFER_STATUSES[transfer.status],
  reference: transfer.reference,
  meta: null,
  narration: transfer.reason,
  complete_message: COMPLETE_MESSAGES[transfer.status],
  requires_approval: transfer.status === 'otp' ? 1 : 0,
  is_approved: transfer.status === 'otp' ? 0 : 1,
  bank_name: 'ACCESS BANK NIGERIA',
})

const flwRefOf = (charge: Charge): string => `FLW-${charge.isLive ? 'M03K' : 'MOCK'}-${charge.id}`

function refundStatusOf({ status }: Refund): string {
  if (status === 'processed') return 'completed'
  return status === 'failed' ? 'failed' : 'pending'
}
