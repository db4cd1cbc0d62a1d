-- What worries us about the driver of a trip under way, and since when; it ends with the next change of status.
alter table trip
  add column concern text constraint trip_concern check (concern in ('dark', 'stalled', 'retreating')),
  add column concern_at timestamptz,
  add constraint trip_concern_since check ((concern is null) = (concern_at is null));
create index trip_with_concern on trip (concern_at) where concern is not null;

-- Before the trigger that guards (they run in the order of their names), so that no path can forget it.
create function trip_forget_concern() returns trigger language plpgsql as $$
begin
  new.concern := null;
  new.concern_at := null;
  return new;
end $$;
create trigger trip_forget_concern before update on trip for each row
  when (old.status <> new.status and old.concern is not null) execute function trip_forget_concern();

-- A driver who does not come is taken off the trip, and it waits for another.
insert into trip_transition (from_status, to_status, actor)
select s, 'pending', a from unnest(array['accepted', 'en_route']) as s, unnest(array['customer', 'system']) as a;
