import type { VehicleClass } from '@toota/contract'
import { sql } from 'kysely'
import type { DriverId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import { displayName, type Person } from '../accounts/index.ts'

/** A driver as the rest of the system sees him. */
export type DriverCard = Omit<Person, 'id'> & {
  readonly id: DriverId
  readonly vehicleClass: VehicleClass
  readonly isApproved: boolean
  /** 0 to 5; 0 while unrated. */
  readonly rating: number
  readonly tripsCompleted: number
}

/** The drivers among these accounts who have applied, in one statement. */
export async function findDriverCards(tx: Tx, driverIds: readonly DriverId[]): Promise<DriverCard[]> {
  const { rows } = await sql<Omit<DriverCard, 'name' | 'rating'>>`
    select a.id, a.email, a.first_name as "firstName", a.last_name as "lastName", a.phone,
           d.vehicle_class as "vehicleClass", d.trips_completed as "tripsCompleted",
           d.approved_at is not null and a.banned_at is null as "isApproved"
    from driver as d join account as a on a.id = d.account_id
    where d.account_id = any(${driverIds}::uuid[])`.execute(tx)
  return rows.map((row) => ({ ...row, name: displayName(row), rating: 0 }))
}

export async function countCompletedTrip(tx: Tx, driverId: DriverId): Promise<void> {
  await sql`update driver set trips_completed = trips_completed + 1 where account_id = ${driverId}`.execute(tx)
}
