import type { VehicleClass } from '@toota/contract'
import { sql } from 'kysely'
import { parseId, Refusal, type DriverId } from '../../kernel/index.ts'
import { isOneOf, violatedConstraint, type Tx } from '../../platform/database/index.ts'
import { displayName, emailKey, type Person } from '../accounts/index.ts'
import type { Application, KeptPictures, Vehicle } from './model/application.ts'

/** A driver as the rest of the system sees him. */
export type DriverCard = Omit<Person, 'id'> & {
  readonly id: DriverId
  /** Null before his first application. */
  readonly vehicleClass: VehicleClass | null
  /** The first of his vehicle's pictures. */
  readonly carPicture: string | null
  readonly isApproved: boolean
  /** 0 to 5; 0 while unrated. */
  readonly rating: number
  readonly tripsCompleted: number
}

/** The drivers among these accounts, whether they have applied or not, in one statement. */
export async function findDriverCards(tx: Tx, driverIds: readonly DriverId[]): Promise<DriverCard[]> {
  const { rows } = await sql<Omit<DriverCard, 'name' | 'rating'>>`
    select a.id, a.email, a.first_name as "firstName", a.last_name as "lastName", a.phone,
           a.profile_picture as "profilePicture", d.car_pictures[1] as "carPicture",
           d.vehicle_class as "vehicleClass", coalesce(d.trips_completed, 0) as "tripsCompleted",
           d.approved_at is not null and a.banned_at is null as "isApproved"
    from account as a left join driver as d on d.account_id = a.id
    where a.role = 'driver' and ${isOneOf('a.id', driverIds)}`.execute(tx)
  return rows.map((row) => ({ ...row, name: displayName(row), rating: 0 }))
}

export async function countCompletedTrip(tx: Tx, driverId: DriverId): Promise<void> {
  await sql`update driver set trips_completed = trips_completed + 1 where account_id = ${driverId}`.execute(
    tx,
  )
}

export type Driver = Vehicle &
  Pick<KeptPictures, 'licencePicture' | 'carPictures'> & {
    readonly loadCapacityKg: number
    readonly isApproved: boolean
  }

/** The driver's row, locked until the end of the transaction; undefined before his first application. */
export async function lockDriver(tx: Tx, driverId: DriverId): Promise<Driver | undefined> {
  const { rows } = await sql<Driver>`
    select vehicle_class as "vehicleClass", vehicle_registration as "vehicleRegistration",
           load_capacity_kg as "loadCapacityKg", approved_at is not null as "isApproved",
           licence_picture as "licencePicture", car_pictures as "carPictures"
    from driver where account_id = ${driverId} for update`.execute(tx)
  return rows[0]
}

/** Pictures that are not given stay. Throws `registration-taken` when another driver has the vehicle, decided by the unique index. */
export async function saveDriver(
  tx: Tx,
  driverId: DriverId,
  { vehicleClass, vehicleRegistration, loadCapacityKg }: Application,
  pictures: { readonly licence: string | undefined; readonly car: readonly string[] },
  approval: 'approved' | 'pending',
): Promise<void> {
  const isApproved = approval === 'approved'
  const save = sql`
    insert into driver as d (account_id, vehicle_class, vehicle_registration, load_capacity_kg, licence_picture,
                             car_pictures, approved_at, approved_by)
    values (${driverId}, ${vehicleClass}, ${vehicleRegistration}, ${loadCapacityKg}, ${pictures.licence ?? null},
            ${pictures.car}::text[], case when ${isApproved} then clock_timestamp() end, case when ${isApproved} then 'system' end)
    on conflict (account_id) do update
    set vehicle_class = excluded.vehicle_class, vehicle_registration = excluded.vehicle_registration,
        load_capacity_kg = excluded.load_capacity_kg,
        licence_picture = coalesce(excluded.licence_picture, d.licence_picture),
        car_pictures = case when cardinality(excluded.car_pictures) > 0 then excluded.car_pictures else d.car_pictures end,
        submitted_at = clock_timestamp(),
        approved_at = case when ${isApproved} then coalesce(d.approved_at, excluded.approved_at) end,
        approved_by = case when ${isApproved} then coalesce(d.approved_by, excluded.approved_by) end`
  await save.execute(tx).catch((error: unknown) => {
    throw violatedConstraint(error) === 'driver_registration' ? new Refusal('registration-taken') : error
  })
}

/** False when the driver was approved already. */
export async function markApproved(tx: Tx, driverId: DriverId, by: string): Promise<boolean> {
  const { rows } = await sql`
    update driver set approved_at = clock_timestamp(), approved_by = ${by}
    where account_id = ${driverId} and approved_at is null
    returning 1`.execute(tx)
  return rows.length > 0
}

/** A driver who has applied, by e-mail address (any case) or id. */
export async function findDriverId(tx: Tx, emailOrId: string): Promise<DriverId | undefined> {
  const { rows } = await sql<{ id: DriverId }>`
    select a.id from account as a join driver as d on d.account_id = a.id
    where a.role = 'driver'
      and (a.id = ${parseId<DriverId>(emailOrId) ?? null} or a.email_key = ${emailKey(emailOrId)})`.execute(
    tx,
  )
  return rows[0]?.id
}

export type SubmittedApplication = {
  readonly [Field in keyof Application]-?: NonNullable<Application[Field]> | null
} & KeptPictures & {
    readonly isApproved: boolean
  }

export async function findApplication(tx: Tx, driverId: DriverId): Promise<SubmittedApplication | undefined> {
  const { rows } = await sql<SubmittedApplication>`
    select a.first_name as "firstName", a.last_name as "lastName", a.physical_address as "physicalAddress", a.phone,
           d.vehicle_class as "vehicleClass", d.vehicle_registration as "vehicleRegistration",
           d.load_capacity_kg as "loadCapacityKg", d.approved_at is not null as "isApproved",
           a.profile_picture as "profilePicture", d.licence_picture as "licencePicture",
           coalesce(d.car_pictures, '{}') as "carPictures"
    from account as a left join driver as d on d.account_id = a.id
    where a.id = ${driverId} and a.role = 'driver'`.execute(tx)
  return rows[0]
}
