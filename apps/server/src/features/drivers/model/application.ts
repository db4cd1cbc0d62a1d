import type { VehicleClass } from '@toota/contract'

/** What a driver submits (KYC): who he is and what he drives. */
export type Application = {
  /** What is left out stays as it was. */
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  readonly physicalAddress?: string | undefined
  /** E.164. */
  readonly phone: string
  readonly vehicleClass: VehicleClass
  readonly vehicleRegistration: string
  readonly loadCapacityKg: number
}

/** As uploaded now, or the name of one uploaded before. */
type Picture = Uint8Array | string

export type ApplicationPictures = {
  readonly profile?: Picture | undefined
  readonly licence?: Picture | undefined
  /** Front and back. */
  readonly car?: readonly [Picture, Picture] | undefined
}

/** The names of the pictures that a driver has submitted. */
export type KeptPictures = {
  readonly profilePicture: string | null
  readonly licencePicture: string | null
  /** None or two. */
  readonly carPictures: readonly string[]
}

/** Which pictures an application still lacks: neither given now nor there from before. */
export const missingPictures = (
  given: ApplicationPictures,
  present: KeptPictures,
): (keyof ApplicationPictures)[] => [
  ...(given.profile || present.profilePicture ? [] : (['profile'] as const)),
  ...(given.licence || present.licencePicture ? [] : (['licence'] as const)),
  ...(given.car || present.carPictures.length > 0 ? [] : (['car'] as const)),
]

export type Vehicle = Pick<Application, 'vehicleClass' | 'vehicleRegistration'>

export const MIN_LOAD_KG = 500
export const MAX_LOAD_KG = 10_000

/** The form in which registrations are compared; the unique index has the same. */
export const registrationKey = (registration: string): string => registration.replace(/\s/g, '').toUpperCase()

/** Whether a submission is approved by itself, keeps the approval there was, or waits for the operator. */
export function approvalOf(
  next: Vehicle,
  previous: (Vehicle & { readonly isApproved: boolean }) | undefined,
  mode: 'manual' | 'auto',
): 'approved' | 'pending' {
  if (mode === 'auto') return 'approved'
  const isSameVehicle =
    previous?.vehicleClass === next.vehicleClass &&
    registrationKey(previous.vehicleRegistration) === registrationKey(next.vehicleRegistration)
  return isSameVehicle && previous.isApproved ? 'approved' : 'pending'
}
