import type { VehicleClass } from '@toota/contract'

/** Streets are longer than the crow's flight; 1.3 is the usual factor for cities. */
export const DETOUR = 1.3

const KILOMETERS_PER_HOUR: Readonly<Record<VehicleClass, number>> = {
  motorbike: 40,
  bakkie: 35,
  'truck-1t': 35,
  'truck-1.5t': 35,
  'truck-2t': 35,
  'truck-4t': 30,
  'truck-8t': 30,
}

/** What the class takes for so many metres of road. */
export const driveSeconds = (roadMeters: number, vehicleClass: VehicleClass): number =>
  roadMeters / (KILOMETERS_PER_HOUR[vehicleClass] / 3.6)
