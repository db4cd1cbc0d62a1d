import { randomUUID } from 'node:crypto'

/** Ids are UUID v4 strings; the brand keeps an account's from being passed as a trip's. */
type Id<Name extends string> = string & { readonly __id: Name }

export type AccountId = Id<'account'>
export type CustomerId = AccountId & { readonly __role: 'customer' }
export type DriverId = AccountId & { readonly __role: 'driver' }
export type SessionId = Id<'session'>
export type TripId = Id<'trip'>
export type OfferId = Id<'offer'>
export type PaymentId = Id<'payment'>
export type ChargeId = Id<'charge'>
export type RefundId = Id<'refund'>
export type PayoutId = Id<'payout'>
export type CaseId = Id<'case'>

export const newId = <T extends Id<string>>(): T => randomUUID() as T

/** What nobody can guess; 122 bits of chance. */
export const newPictureName = (): string => `${randomUUID().replaceAll('-', '')}.jpg`

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** A string from outside as an id, or undefined when it cannot be one. */
export function parseId<T extends Id<string>>(text: unknown): T | undefined {
  return typeof text === 'string' && UUID.test(text) ? (text.toLowerCase() as T) : undefined
}
