-- Trips, offers and payments. What must never happen is forbidden by constraints here first; code is the second line.

create table trip (
  id uuid primary key,
  customer_id uuid not null references account,
  driver_id uuid references driver,
  market text not null check (market in ('ZA', 'NG', 'KE', 'GH')),
  vehicle_class text not null,
  pickup_address text not null check (length(pickup_address) between 3 and 255),
  destination_address text not null check (length(destination_address) between 3 and 255),
  pickup_latitude double precision not null check (pickup_latitude between -90 and 90),
  pickup_longitude double precision not null check (pickup_longitude between -180 and 180),
  destination_latitude double precision not null check (destination_latitude between -90 and 90),
  destination_longitude double precision not null check (destination_longitude between -180 and 180),
  load_description text not null,
  distance_meters integer not null check (distance_meters > 0),
  duration_seconds integer not null check (duration_seconds > 0),
  route_is_estimated boolean not null,
  tariff_id integer not null references tariff,
  fare_minor bigint not null check (fare_minor >= 0),
  currency text not null check (currency in ('ZAR', 'NGN', 'KES', 'GHS')),
  status text not null default 'pending',
  version integer not null default 1,
  -- Which of the customer's places this trip holds while it has an open offer or is under way.
  slot smallint check (slot >= 0),
  -- Who made the last change, and why; copied into trip_event.
  changed_by text not null check (changed_by in ('customer', 'driver', 'staff', 'system')),
  reason text,
  created_at timestamptz not null default clock_timestamp(),
  -- When a pending trip (a quote) lapses.
  quote_expires_at timestamptz not null,
  ended_at timestamptz,
  constraint trip_status check (status in ('pending', 'accepted', 'en_route', 'arrived_pickup', 'loaded', 'in_transit',
    'arrived_dest', 'completed', 'cancelled', 'expired')),
  constraint trip_active_has_driver check (status in ('pending', 'cancelled', 'expired') or driver_id is not null),
  constraint trip_active_has_slot check (slot is not null
    or status not in ('accepted', 'en_route', 'arrived_pickup', 'loaded', 'in_transit', 'arrived_dest')),
  constraint trip_ended check ((ended_at is not null) = (status in ('completed', 'cancelled', 'expired')))
);
create unique index trip_one_active_driver on trip (driver_id)
  where status in ('accepted', 'en_route', 'arrived_pickup', 'loaded', 'in_transit', 'arrived_dest');
create unique index trip_customer_slot on trip (customer_id, slot) where slot is not null;
create index trip_customer on trip (customer_id, created_at desc);
create index trip_driver on trip (driver_id, created_at desc);
create index trip_quote_due on trip (quote_expires_at) where status = 'pending';

create table offer (
  id uuid primary key,
  trip_id uuid not null references trip,
  driver_id uuid not null references driver,
  round smallint not null default 1,
  state text not null default 'open' check (state in ('open', 'accepted', 'rejected', 'expired', 'withdrawn')),
  opened_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  constraint offer_ended check ((ended_at is not null) = (state <> 'open'))
);
create unique index offer_one_open_driver on offer (driver_id) where state = 'open';
create unique index offer_one_open_trip on offer (trip_id) where state = 'open';
create unique index offer_one_accept on offer (trip_id, round) where state = 'accepted';
create index offer_due on offer (expires_at) where state = 'open';
create index offer_trip on offer (trip_id, opened_at);

create function offer_end_is_final() returns trigger language plpgsql as $$
begin
  if old.state <> 'open' then
    raise exception 'offer % has already ended as %', old.id, old.state using errcode = '23514';
  end if;
  return new;
end $$;
create trigger offer_end_is_final before update on offer for each row execute function offer_end_is_final();

-- How a trip is paid. One row a trip: the current choice.
create table payment (
  id uuid primary key,
  trip_id uuid not null unique references trip,
  method text not null check (method in ('cash', 'card', 'mobile_money', 'bank_transfer')),
  status text not null default 'pending' check (status in ('pending', 'success', 'failed')),
  amount_minor bigint not null check (amount_minor >= 0),
  currency text not null check (currency in ('ZAR', 'NGN', 'KES', 'GHS')),
  created_at timestamptz not null default clock_timestamp(),
  paid_at timestamptz,
  received_by uuid references driver,
  constraint payment_paid check ((paid_at is not null) = (status = 'success')),
  constraint payment_cash_has_receiver check (method <> 'cash' or status <> 'success' or received_by is not null)
);

-- Every legal (from, to, actor); anything else is refused by the trigger below.
create table trip_transition (
  from_status text not null,
  to_status text not null,
  actor text not null,
  primary key (from_status, to_status, actor)
);
insert into trip_transition (from_status, to_status, actor) values
  ('pending', 'accepted', 'driver'),
  ('pending', 'expired', 'system'),
  ('accepted', 'en_route', 'driver'),
  ('accepted', 'arrived_pickup', 'driver'),
  ('en_route', 'arrived_pickup', 'driver'),
  ('arrived_pickup', 'loaded', 'driver'),
  ('arrived_pickup', 'in_transit', 'driver'),
  ('loaded', 'in_transit', 'driver'),
  ('loaded', 'completed', 'driver'),
  ('in_transit', 'arrived_dest', 'driver'),
  ('in_transit', 'completed', 'driver'),
  ('arrived_dest', 'completed', 'driver');
insert into trip_transition (from_status, to_status, actor)
select s, 'cancelled', 'customer' from unnest(array['pending', 'accepted', 'en_route', 'arrived_pickup']) as s
union all
select s, 'cancelled', 'driver' from unnest(array['accepted', 'en_route', 'arrived_pickup']) as s
union all
select s, 'cancelled', 'staff' from unnest(array['pending', 'accepted', 'en_route', 'arrived_pickup', 'loaded',
  'in_transit', 'arrived_dest']) as s;

-- The history of a trip: one row per version, written by the trigger so that no path can forget it.
create table trip_event (
  trip_id uuid not null references trip,
  version integer not null,
  from_status text,
  to_status text not null,
  actor text not null,
  driver_id uuid,
  reason text,
  at timestamptz not null default clock_timestamp(),
  primary key (trip_id, version)
);
create trigger trip_event_is_immutable before update or delete on trip_event
  for each row execute function refuse_change();

create function trip_guard() returns trigger language plpgsql as $$
begin
  if (new.customer_id, new.market, new.vehicle_class, new.tariff_id, new.fare_minor, new.currency,
      new.distance_meters, new.duration_seconds, new.created_at)
     is distinct from (old.customer_id, old.market, old.vehicle_class, old.tariff_id, old.fare_minor, old.currency,
      old.distance_meters, old.duration_seconds, old.created_at) then
    raise exception 'trip %: what it was quoted at is fixed', old.id using errcode = '23514';
  end if;
  if new.status = old.status then
    if new.version <> old.version or new.driver_id is distinct from old.driver_id then
      raise exception 'trip % changed without a change of status', old.id using errcode = '23514';
    end if;
    return new;
  end if;
  if new.version <> old.version + 1 then
    raise exception 'trip % skipped from version % to %', old.id, old.version, new.version using errcode = '23514';
  end if;
  if not exists (select 1 from trip_transition
                 where from_status = old.status and to_status = new.status and actor = new.changed_by) then
    raise exception 'trip %: % may not go from % to %', old.id, new.changed_by, old.status, new.status
      using errcode = '23514';
  end if;
  return new;
end $$;
create trigger trip_guard before update on trip for each row execute function trip_guard();

create function trip_record() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' or new.version <> old.version then
    insert into trip_event (trip_id, version, from_status, to_status, actor, driver_id, reason)
    values (new.id, new.version, case when tg_op = 'UPDATE' then old.status end, new.status, new.changed_by,
            new.driver_id, new.reason);
  end if;
  return null;
end $$;
create trigger trip_record after insert or update on trip for each row execute function trip_record();
