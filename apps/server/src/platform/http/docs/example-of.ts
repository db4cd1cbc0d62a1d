import type { JsonSchema } from './open-api.ts'

const ID = '3f6f0e52-8d0a-4c3e-9a50-2d7a1f0b9c11'

const PICTURE = '5b0c8f1e3a7d4c6b9e2f0a1d8c7b6e5f.jpg'

/** What a field holds, by its name: an example says more with a real place in it. Used where type and choice allow. */
const SAMPLES: Readonly<Record<string, readonly unknown[]>> = {
  accessToken: ['eyJhbGciOiJIUzI1NiJ9.e30.Zr…'],
  address: ['12 Vilakazi Street, Soweto'],
  amount: [402],
  amountMinor: [40200],
  code: ['4821', 'offer-closed', '482913'],
  cursor: ['MjAyNi0…'],
  destination: ['5 Rivonia Road, Sandton'],
  dest_lat: [-26.1076],
  dest_lon: [28.0567],
  dest_long: [28.0567],
  distance: [1.2],
  distance_km: [12.4],
  distanceMeters: [12400],
  duration: ['28 min'],
  durationSeconds: [1680],
  email: ['thandi@example.org'],
  error: ['Trip not found'],
  estimated_fare: [402],
  estimated_time: ['28 min'],
  expiresInSeconds: [30],
  fare: [402],
  first_name: ['Thandi'],
  firstName: ['Thandi'],
  last_name: ['Nkosi'],
  lastName: ['Nkosi'],
  latitude: [-26.2041],
  load_description: ['Two sofas'],
  loadCapacityKg: [1000],
  loadDescription: ['Two sofas'],
  longitude: [28.0473],
  message: ['The trip waits'],
  name: ['Thandi Nkosi'],
  newPassword: ['a long enough one'],
  nextCursor: ['MjAyNi0…'],
  oldPassword: ['bakkie-on-demand'],
  password: ['bakkie-on-demand'],
  phone: ['+27821234567'],
  physicalAddress: ['12 Vilakazi Street, Soweto'],
  pickup: ['12 Vilakazi Street, Soweto'],
  pickup_lat: [-26.2041],
  pickup_lon: [28.0473],
  pickup_long: [28.0473],
  picture: [PICTURE],
  rating: [4.8],
  refreshToken: ['eyJhbGciOiJIUzI1NiJ9.e30.Qm…'],
  seq: [42],
  status: [409],
  ticket: ['q7Vd…'],
  title: ['This trip is no longer available.'],
  token: ['eyJhbGciOiJIUzI1NiJ9.e30.Zr…'],
  tripsCompleted: [212],
  type: ['/docs/#offer-closed'],
  vehicle_type: ['Bakkie'],
  vehicleClass: ['bakkie'],
  vehicleRegistration: ['GP 123-456'],
  accountNumber: ['0123456789'],
  bankCode: ['632005'],
  receivedMinor: [30000],
  paidMinor: [30000],
  version: [2],
}

type Schemas = Readonly<Record<string, JsonSchema>>

/** A value that fits a schema, the same each time. `schemas` are what it may refer to. */
export function exampleOf(schema: JsonSchema, schemas: Schemas = {}, name = ''): unknown {
  const { $ref, anyOf, oneOf, items, properties } = schema
  if ($ref !== undefined) return exampleOf(schemas[$ref.split('/').at(-1) ?? ''] ?? {}, schemas, name)
  if (schema.const !== undefined) return schema.const
  const sample = SAMPLES[name]?.find((value) => fits(value, schema))
  if (sample !== undefined) return sample
  if (schema.enum) return schema.enum[0]
  const choice = (anyOf ?? oneOf)?.[0]
  if (choice) return exampleOf(choice, schemas, name)
  const [type] = [schema.type].flat()
  if (schema.maxItems === 0) return []
  if (type === 'array') return [items ?? []].flat().map((each) => exampleOf(each, schemas, name))
  if (type === 'object')
    return Object.fromEntries(
      Object.entries(properties ?? {}).map(([key, each]) => [key, exampleOf(each, schemas, key)]),
    )
  return plain(type, schema)
}

function plain(type: string | undefined, schema: JsonSchema): unknown {
  const { format, minimum, pattern, default: usual } = schema
  if (usual !== undefined) return usual
  if (type === 'boolean') return true
  if (type === 'integer' || type === 'number') return Math.max(1, minimum ?? 1)
  if (format === 'uuid') return ID
  if (format === 'date-time') return '2026-11-24T08:30:00.000Z'
  return pattern !== undefined && fits(PICTURE, schema) ? PICTURE : '…'
}

function fits(value: unknown, schema: JsonSchema): boolean {
  const options = schema.anyOf ?? schema.oneOf
  if (options) return options.some((each) => fits(value, each))
  if (schema.enum) return schema.enum.includes(value)
  const types = [schema.type].flat()
  if (typeof value === 'string')
    return (
      types.includes('string') &&
      schema.format === undefined &&
      new RegExp(schema.pattern ?? '', 'u').test(value)
    )
  return types.includes('number') || types.includes('integer')
}
