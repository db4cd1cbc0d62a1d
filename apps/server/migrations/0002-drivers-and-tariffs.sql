-- A driver's application (KYC) and vehicle. A row exists from the first submission on.
create table driver (
  account_id uuid primary key references account on delete cascade,
  vehicle_class text not null check (vehicle_class in
    ('motorbike', 'bakkie', 'truck-1t', 'truck-1.5t', 'truck-2t', 'truck-4t', 'truck-8t')),
  vehicle_registration text not null check (length(vehicle_registration) between 1 and 50),
  load_capacity_kg integer not null check (load_capacity_kg between 500 and 10000),
  submitted_at timestamptz not null default clock_timestamp(),
  approved_at timestamptz,
  approved_by text,
  trips_completed integer not null default 0 check (trips_completed >= 0)
);
-- Compared without case and spaces: "ca 123-456" and "CA123-456" are one vehicle.
create unique index driver_registration on driver (upper(regexp_replace(vehicle_registration, '\s', '', 'g')));

-- Tariffs are never changed, only followed by a newer row; a trip keeps the row that priced it.
create table tariff (
  id integer generated always as identity primary key,
  market text not null check (market in ('ZA', 'NG', 'KE', 'GH')),
  vehicle_class text not null,
  version integer not null,
  currency text not null check (currency in ('ZAR', 'NGN', 'KES', 'GHS')),
  base_minor bigint not null check (base_minor >= 0),
  per_km_minor bigint not null check (per_km_minor >= 0),
  per_minute_minor bigint not null check (per_minute_minor >= 0),
  peak_percent integer not null check (peak_percent >= 100),
  peak_from time not null,
  peak_to time not null,
  -- True until the operator has set a price of their own.
  is_placeholder boolean not null,
  created_at timestamptz not null default clock_timestamp(),
  unique (market, vehicle_class, version)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% rows are never changed or deleted', tg_table_name using errcode = '23514';
end $$;
create trigger tariff_is_immutable before update or delete on tariff
  for each row execute function refuse_change();

insert into tariff (market, vehicle_class, version, currency, base_minor, per_km_minor, per_minute_minor,
                    peak_percent, peak_from, peak_to, is_placeholder)
select m.market, c.vehicle_class, 1, m.currency, c.base_minor, 1000, 200, 150, '18:00', '06:00', true
from (values ('ZA', 'ZAR'), ('NG', 'NGN'), ('KE', 'KES'), ('GH', 'GHS')) as m (market, currency)
cross join (values ('motorbike', 5000), ('bakkie', 8000), ('truck-1t', 10000), ('truck-1.5t', 12000),
                   ('truck-2t', 15000), ('truck-4t', 20000), ('truck-8t', 30000)) as c (vehicle_class, base_minor);
