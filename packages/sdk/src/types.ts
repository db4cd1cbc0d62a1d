import type { components } from './api-types.ts'

type Schemas = components['schemas']

/** Amounts in cents, kobo, pesewas, with their currency. */
export type Money = Schemas['Money']
export type Trip = Schemas['Trip']
export type TripStatus = Trip['status']
export type TripDetails = Schemas['TripDetails']
/** Where the driver of a trip was, from the accept to the end (WGS 84 degrees). */
export type TripTrail = Schemas['TripTrail']
export type NewTrip = Schemas['NewTrip']
/** One attempt to pay a trip. `amount` is the fare less `creditMinor`, which the customer's credit pays; in minor units. */
export type Payment = Schemas['Payment']
/** All but `cash` are paid on the payment service's page. */
export type PaymentMethod = Payment['method']
/**
 * `created`, `pending` and `unknown` may still become anything, `unknown` is never the same as `failed`; `underpaid` came to less
 * than was due and became credit; `refunding` is on its way back, `reversed` was taken back by the customer's bank.
 */
export type PaymentStatus = Payment['status']
/** What a driver says he was given: `receivedMinor` in minor units, all that was due unless told; `code` is the customer's. */
export type CashReceipt = Schemas['CashReceipt']
/** What an account has and owes in one currency, in minor units. */
export type Balance = Schemas['Balance']
/** How the fare of a completed trip was divided, in minor units. */
export type Settlement = Schemas['Settlement']
/** Settlements, newest first, with the totals of the whole time that was asked about; minor units. */
export type EarningsPage = Schemas['Earnings']
/** An account at a bank or a mobile money number; `bankCode` as the payment service knows the bank or network. */
export type PayoutAccount = Schemas['PayoutAccount']
/** Of its number only the last four digits. */
export type SavedPayoutAccount = Schemas['SavedPayoutAccount']
/** `amountMinor` in minor units. */
export type NewPayout = Schemas['NewPayout']
/** Earnings on their way to a driver, in minor units; `accountNumber` is its last four digits. */
export type Payout = Schemas['Payout']
/** One page of them, newest first. */
export type Payouts = Schemas['Payouts']
/** Of a completed trip; amounts in minor units. It never changes. */
export type Receipt = Schemas['Receipt']
/** A matter of money that waits for a person. */
export type MoneyCase = Schemas['MoneyCase']
/** One page of them. */
export type MoneyCases = Schemas['MoneyCases']
/** What was found; `cashMinor`, in minor units, corrects the books of a cash payment. */
export type CaseResolution = Schemas['CaseResolution']
/** `amountMinor` in minor units; `isFromCredit`: out of the customer's credit, not as the operator's loss. */
export type NewRefund = Schemas['NewRefund']
/** What was given back, in minor units; to the customer's `credit` at once, or to the `payment-method` within days. */
export type Refund = Schemas['Refund']
/** Sums of the completed trips of one market, in minor units. */
export type Statement = Schemas['Statement']
export type Offer = Schemas['Offer']
export type OpenOffer = Schemas['OpenOffer']
export type NearbyDriver = Schemas['NearbyDriver']
export type DriverPosition = Schemas['DriverPosition']
export type Profile = Schemas['Profile']
export type ProfileChange = Schemas['ProfileChange']
export type SessionInfo = Schemas['Session']
export type Application = Schemas['Application']
export type ApplicationForm = Schemas['ApplicationForm']
export type Documents = Schemas['Documents']
/** WGS 84 degrees. */
export type Point = Schemas['FixReport']
/** Who speaks and as what: the same address may be a customer's and a driver's. */
export type Credentials = Omit<Schemas['Credentials'], 'device'>
export type NewAccount = Schemas['NewAccount']
export type AddressOfAccount = Schemas['AddressOfAccount']
export type VerificationCode = Omit<Schemas['VerificationCode'], 'device'>
export type NewPasswordByCode = Schemas['NewPasswordByCode']
export type PasswordChange = Schemas['PasswordChange']

/** What may be said with every call. */
export type CallOptions = {
  /** Ends the call and its repeats; the call throws the signal's reason. */
  readonly signal?: AbortSignal
}

/** For calls that create something. */
export type CreatingOptions = CallOptions & {
  /** The call's own name, to be the same when the program itself repeats it; made up otherwise. At most 255 characters. */
  readonly key?: string
}
