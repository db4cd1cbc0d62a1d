-- Where drivers were while they worked on a trip. In a partition per day (of the trip's request), so that what is old goes at once
-- and a trip's points are all in one. Without a foreign key: each insert would lock its trip's row.

create table trip_trail (
  requested_on date not null,
  trip_id uuid not null,
  driver_id uuid not null,
  -- The run of the phone's tracker and the number of the reading in it; '' and milliseconds since 1970 for phones that do not count.
  session text not null check (length(session) <= 64),
  n bigint not null,
  -- By the phone's clock if it is to be believed, else when it was received.
  taken_at timestamptz not null,
  received_at timestamptz not null,
  latitude double precision not null check (latitude between -90 and 90),
  longitude double precision not null check (longitude between -180 and 180),
  accuracy_meters real,
  heading_degrees real,
  speed_mps real,
  -- A batch that is sent again counts once.
  primary key (requested_on, trip_id, driver_id, session, n)
) partition by range (requested_on);

-- Makes the partitions of these days. One at a time: two processes would collide in the catalogue.
create function trip_trail_open(days date[]) returns void language plpgsql as $$
declare
  day date;
begin
  perform pg_advisory_xact_lock(hashtext('trip_trail'));
  foreach day in array days loop
    execute format('create table if not exists %I partition of trip_trail for values from (%L) to (%L)',
                   'trip_trail_' || to_char(day, 'YYYYMMDD'), day, day + 1);
  end loop;
end $$;

-- Drops the partitions of days before this one, and says how many.
create function trip_trail_drop(before date) returns integer language plpgsql as $$
declare
  name text;
  dropped integer := 0;
begin
  perform pg_advisory_xact_lock(hashtext('trip_trail'));
  for name in
    select c.relname from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
    where i.inhparent = 'trip_trail'::regclass
      and to_date(right(c.relname, 8), 'YYYYMMDD') < before
  loop
    execute format('drop table %I', name);
    dropped := dropped + 1;
  end loop;
  return dropped;
end $$;
