import { between, pick, type Random } from './random.ts'

/** WGS 84 degrees. */
export type Point = { readonly latitude: number; readonly longitude: number }
export type Place = Point & { readonly name: string }

/** Vehicle types that the city has. */
export type VehicleClass = 'motorbike' | 'bakkie' | 'truck-1t' | 'truck-1.5t' | 'truck-2t' | 'truck-4t'

export type FleetMember = {
  readonly firstName: string
  readonly lastName: string
  readonly vehicleClass: VehicleClass
  readonly loadCapacityKg: number
  readonly position: Point
}

export const CENTRE: Point = { latitude: -26.2, longitude: 28.05 }
const SPREAD_KM = 15
const KM_PER_DEGREE = 111.2

export const PLACES: readonly Place[] = [
  { name: 'Rosebank', latitude: -26.1466, longitude: 28.0416 },
  { name: 'Sandton', latitude: -26.1076, longitude: 28.0567 },
  { name: 'Orlando West', latitude: -26.238, longitude: 27.906 },
  { name: 'Diepkloof', latitude: -26.2437, longitude: 27.955 },
  { name: 'Braamfontein', latitude: -26.193, longitude: 28.033 },
  { name: 'Melville', latitude: -26.176, longitude: 28.008 },
  { name: 'Randburg', latitude: -26.0936, longitude: 28.0064 },
  { name: 'Alexandra', latitude: -26.1036, longitude: 28.098 },
  { name: 'Kensington', latitude: -26.193, longitude: 28.101 },
  { name: 'Bedfordview', latitude: -26.179, longitude: 28.133 },
  { name: 'Newtown', latitude: -26.203, longitude: 28.032 },
  { name: 'Maboneng', latitude: -26.2045, longitude: 28.059 },
  { name: 'Germiston', latitude: -26.218, longitude: 28.167 },
  { name: 'Alberton', latitude: -26.267, longitude: 28.122 },
  { name: 'Northcliff', latitude: -26.143, longitude: 27.965 },
  { name: 'Edenvale', latitude: -26.141, longitude: 28.153 },
  { name: 'Turffontein', latitude: -26.243, longitude: 28.044 },
  { name: 'Houghton', latitude: -26.165, longitude: 28.06 },
]

const FIRST_NAMES =
  'Sipho Lerato Johan Nomsa Kagiso Ayanda Pieter Zanele Thabo Fatima Bongani Mpho Riaan Naledi Themba Precious Vusi Anele Dumisani Palesa Musa Refilwe Kobus Lindiwe'.split(
    ' ',
  )
const LAST_NAMES =
  'Dlamini Mokoena Botha Nkosi Molefe Khumalo Naidoo Mahlangu Venter Sithole Ndlovu Mabaso Steyn'.split(' ')
const CUSTOMER_NAMES = 'Thandi David Aisha Gugu Marlene Jabu Chloe Sizwe Priya Tumelo'.split(' ')

/** Ten vehicles as they stand in the city; a larger fleet repeats them. */
const FLEET_PATTERN: readonly VehicleClass[] = [
  'bakkie',
  'bakkie',
  'truck-1t',
  'bakkie',
  'motorbike',
  'bakkie',
  'truck-2t',
  'bakkie',
  'truck-1.5t',
  'bakkie',
]
const CAPACITY_KG: Record<VehicleClass, number> = {
  motorbike: 500,
  bakkie: 800,
  'truck-1t': 1_000,
  'truck-1.5t': 1_500,
  'truck-2t': 2_000,
  'truck-4t': 4_000,
}

const LOADS: Record<VehicleClass, readonly string[]> = {
  motorbike: ['spare keys', 'a birthday cake', 'signed papers', 'a gearbox seal'],
  bakkie: ['a sofa', 'a fridge', 'four chairs and a table', 'garden rubble', 'a double bed', 'two goats'],
  'truck-1t': ['a one-room flat', 'thirty bags of cement', 'a piano'],
  'truck-1.5t': ['market stalls', 'a two-room flat', 'roof sheets'],
  'truck-2t': ['a family home', 'four pallets of tiles', 'office furniture'],
  'truck-4t': ['a whole workshop', 'six thousand bricks'],
}

const nth = (names: readonly string[], index: number): string => names[index % names.length] ?? 'Somebody'

/** The drivers, spread evenly over a disc of 15 km around the centre. */
export function planFleet(random: Random, size: number): FleetMember[] {
  return Array.from({ length: size }, (_, index) => {
    const vehicleClass = FLEET_PATTERN[index % FLEET_PATTERN.length] ?? 'bakkie'
    return {
      firstName: nth(FIRST_NAMES, index),
      lastName: nth(LAST_NAMES, index + Math.floor(index / FIRST_NAMES.length) * 5),
      vehicleClass,
      loadCapacityKg: CAPACITY_KG[vehicleClass],
      position: pointNearCentre(random),
    }
  })
}

export const customerName = (index: number): string =>
  nth(CUSTOMER_NAMES, index) +
  (index < CUSTOMER_NAMES.length ? '' : ` ${Math.floor(index / CUSTOMER_NAMES.length) + 1}`)

export const pickLoad = (random: Random, vehicleClass: VehicleClass): string =>
  pick(random, LOADS[vehicleClass])

function pointNearCentre(random: Random): Point {
  const bearing = between(random, 0, 2 * Math.PI)
  const km = SPREAD_KM * Math.sqrt(random())
  return {
    latitude: CENTRE.latitude + (km * Math.cos(bearing)) / KM_PER_DEGREE,
    longitude: CENTRE.longitude + (km * Math.sin(bearing)) / (KM_PER_DEGREE * cosine(CENTRE.latitude)),
  }
}

const cosine = (degrees: number): number => Math.cos((degrees * Math.PI) / 180)

/** Flat-earth distance: within one city it is right to a few metres. */
export function kilometersBetween(a: Point, b: Point): number {
  const north = (b.latitude - a.latitude) * KM_PER_DEGREE
  const east = (b.longitude - a.longitude) * KM_PER_DEGREE * cosine((a.latitude + b.latitude) / 2)
  return Math.hypot(north, east)
}

/** The point at `share` (0…1) of the straight way from one point to another. */
export const partWay = (from: Point, to: Point, share: number): Point => ({
  latitude: from.latitude + (to.latitude - from.latitude) * share,
  longitude: from.longitude + (to.longitude - from.longitude) * share,
})
