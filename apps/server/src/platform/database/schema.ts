import type {
  Actor,
  Currency,
  Market,
  OfferState,
  Role,
  TripConcern,
  TripStatus,
  VehicleClass,
} from '@toota/contract'
import type { ColumnType, Generated } from 'kysely'
import type { AccountId, CustomerId, DriverId, OfferId, SessionId, TripId } from '../../kernel/index.ts'
import type { MoneySchema } from './money-schema.ts'

/** Rows as PostgreSQL holds them; the migrations are the source. */
export type Schema = {
  account: {
    id: AccountId
    role: Role
    email: string
    email_key: string
    password_hash: string
    first_name: string | null
    last_name: string | null
    phone: string | null
    physical_address: string | null
    profile_picture: string | null
    created_at: Generated<Date>
    verified_at: Date | null
    banned_at: Date | null
  }
  session: {
    id: SessionId
    account_id: AccountId
    created_at: Generated<Date>
    expires_at: Date
    revoked_at: Date | null
    revoked_because: string | null
    kind: Generated<'classic' | 'v1'>
    refresh_number: Generated<number>
    rotated_at: Date | null
    device: Buffer | null
  }
  ticket: {
    digest: Buffer
    session_id: SessionId
    expires_at: Date
  }
  known_address: {
    account_id: AccountId
    digest: Buffer
    last_used_at: Generated<Date>
  }
  picture: {
    name: string
    account_id: AccountId
    is_private: boolean
    created_at: Generated<Date>
    attached_at: Date | null
    detached_at: Date | null
    removal_began_at: Date | null
  }
  kept_answer: {
    account_id: AccountId
    route: string
    key: string
    fingerprint: Buffer
    status: number
    body: string
    created_at: Generated<Date>
  }
  one_time_code: {
    account_id: AccountId
    purpose: 'verify-email' | 'reset-password'
    code_hash: Buffer
    tries_left: number
    expires_at: Date
    used_at: Date | null
    issued_on: ColumnType<string, string, string>
    issued_count: number
  }
  mail: {
    id: string
    recipient: string
    subject: string
    body: string | null
    created_at: Generated<Date>
    due_at: Generated<Date>
    attempts: Generated<number>
    lease: string | null
    sent_at: Date | null
    given_up_at: Date | null
    last_error: string | null
    html: string | null
    attachment: Buffer | null
    attachment_name: string | null
  }
  stream: { account_id: AccountId; seq: Generated<number> }
  stream_epoch: { is_only: Generated<boolean>; id: Generated<string> }
  news: { account_id: AccountId; seq: number; kind: string; data: unknown; at: Generated<Date> }
  driver: {
    account_id: DriverId
    vehicle_class: VehicleClass
    vehicle_registration: string
    load_capacity_kg: number
    submitted_at: Generated<Date>
    approved_at: Date | null
    approved_by: string | null
    trips_completed: Generated<number>
  }
  tariff: {
    id: Generated<number>
    market: Market
    vehicle_class: VehicleClass
    version: number
    currency: Currency
    base_minor: number
    per_km_minor: number
    per_minute_minor: number
    peak_percent: number
    /** Local time of day, `HH:MM:SS`. */
    peak_from: string
    peak_to: string
    is_placeholder: boolean
    created_at: Generated<Date>
  }
  trip: {
    id: TripId
    customer_id: CustomerId
    driver_id: DriverId | null
    market: Market
    vehicle_class: VehicleClass
    pickup_address: string
    destination_address: string
    pickup_latitude: number
    pickup_longitude: number
    destination_latitude: number
    destination_longitude: number
    load_description: string
    distance_meters: number
    duration_seconds: number
    route_is_estimated: boolean
    tariff_id: number
    fare_minor: number
    currency: Currency
    status: Generated<TripStatus>
    version: Generated<number>
    slot: number | null
    changed_by: Actor
    reason: string | null
    created_at: Generated<Date>
    quote_expires_at: Date
    ended_at: Date | null
    concern: TripConcern | null
    concern_at: Date | null
  }
  trip_event: {
    trip_id: TripId
    version: number
    from_status: TripStatus | null
    to_status: TripStatus
    actor: Actor
    driver_id: DriverId | null
    reason: string | null
    at: Generated<Date>
  }
  offer: {
    id: OfferId
    trip_id: TripId
    driver_id: DriverId
    round: Generated<number>
    state: Generated<OfferState>
    opened_at: Generated<Date>
    expires_at: Date
    ended_at: Date | null
  }
} & MoneySchema
