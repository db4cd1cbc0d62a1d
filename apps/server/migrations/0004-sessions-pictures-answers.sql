-- Sessions that rotate and end, tickets for browsers, pictures, and the kept answers of /v1.

-- Refresh tokens of /v1 are numbered; the tokens themselves are derived, so that no row holds one.
alter table session
  add column kind text not null default 'classic' check (kind in ('classic', 'v1')),
  add column refresh_number integer not null default 0 check (refresh_number >= 0),
  add column rotated_at timestamptz,
  -- Digest of the name a device gives itself: a retry after a lost answer must come from the same one.
  add column device bytea,
  add column revoked_because text;

-- A browser cannot set a header on a socket: it gets one of these by REST and spends it in the handshake.
create table ticket (
  digest bytea primary key,
  session_id uuid not null references session on delete cascade,
  expires_at timestamptz not null
);
create index ticket_expiry on ticket (expires_at);

-- Addresses an account has logged in from (digests): strangers who guess elsewhere cannot shut its owner out.
create table known_address (
  account_id uuid not null references account on delete cascade,
  digest bytea not null,
  last_used_at timestamptz not null default clock_timestamp(),
  primary key (account_id, digest)
);

-- Every stored blob has its row first: what was never attached, or is replaced, is found here and deleted.
create table picture (
  name text primary key check (name ~ '^[0-9a-f]{32}\.jpg$'),
  -- No cascade: with the row the blob would be forgotten.
  account_id uuid not null references account,
  -- Documents: only by signed URLs, for their owner and staff.
  is_private boolean not null,
  created_at timestamptz not null default clock_timestamp(),
  attached_at timestamptz,
  detached_at timestamptz,
  -- Some process deletes its blob; after a while another may try.
  removal_began_at timestamptz
);
create index picture_account on picture (account_id);
create index picture_loose on picture (coalesce(detached_at, created_at)) where attached_at is null or detached_at is not null;

alter table account add column profile_picture text references picture (name);
alter table driver
  add column licence_picture text references picture (name),
  -- Front and back, in this order; names of rows in picture.
  add column car_pictures text[] not null default '{}' check (cardinality(car_pictures) in (0, 2));

-- An Idempotency-Key's answer, written in the transaction of its effect.
create table kept_answer (
  account_id uuid not null references account on delete cascade,
  route text not null,
  key text not null check (length(key) between 1 and 255),
  fingerprint bytea not null,
  status smallint not null,
  body text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (account_id, route, key)
);
create index kept_answer_age on kept_answer (created_at);
