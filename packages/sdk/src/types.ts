import type { components } from './api-types.ts'

type Schemas = components['schemas']

/** Amounts in cents, kobo, pesewas, with their currency. */
export type Money = Schemas['Money']
export type Trip = Schemas['Trip']
export type TripStatus = Trip['status']
export type TripDetails = Schemas['TripDetails']
export type NewTrip = Schemas['NewTrip']
export type Payment = Schemas['Payment']
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
