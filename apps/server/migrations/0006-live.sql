-- Which numbering of news this is. A client that knows another one begins anew instead of going on at a number that
-- means something else here. Changed by hand after a dump was restored into the same cluster.
create table stream_epoch (
  is_only boolean primary key default true check (is_only),
  id uuid not null default gen_random_uuid()
);
insert into stream_epoch default values;
