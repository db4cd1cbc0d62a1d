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

export type Vehicle = Pick<Application, 'vehicleClass' | 'vehicleRegistration'>

export const MIN_LOAD_KG = 500
export const MAX_LOAD_KG = 10_000

/** Letters of any script with spaces, hyphens and apostrophes between them. */
export const isPersonName = (name: string): boolean =>
  /^\p{L}[\p{L}\p{M}]*(?:[ '’-]+[\p{L}\p{M}]+)*['’]?$/u.test(name)

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
