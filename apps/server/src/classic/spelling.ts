import { VEHICLE_CLASSES, type VehicleClass } from '@toota/contract'

const VEHICLE_WORDS: Record<VehicleClass, string> = {
  motorbike: 'Motorbike',
  bakkie: 'Bakkie',
  'truck-1t': '1 ton Truck',
  'truck-1.5t': '1.5 ton Truck',
  'truck-2t': '2 ton Truck',
  'truck-4t': '4 ton Truck',
  'truck-8t': '8 ton Truck',
}

/** The vehicle class as the original's clients show it. */
export const vehicleWord = (vehicleClass: VehicleClass): string => VEHICLE_WORDS[vehicleClass]

// `1 ton Truck`, `1_ton_truck`, `truck_1` and `truck-1t` differ in case, separators and order only.
const squeeze = (word: string): string => word.toLowerCase().replace(/[\s_-]+/g, '')
const CLASSES = new Map(
  VEHICLE_CLASSES.flatMap((name): [string, VehicleClass][] => [
    [squeeze(name), name],
    [squeeze(name).replace(/t$/, ''), name],
    [squeeze(VEHICLE_WORDS[name]), name],
  ]),
)

/** The class a client means, in any case and any of the older spellings, or undefined. */
export const parseVehicle = (word: string): VehicleClass | undefined => CLASSES.get(squeeze(word))
