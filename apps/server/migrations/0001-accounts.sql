-- Accounts, sessions, one-time codes, the mail outbox and the news streams.

create table account (
  id uuid primary key,
  role text not null check (role in ('customer', 'driver', 'staff')),
  email text not null check (length(email) between 3 and 255),
  -- The address as compared: trimmed and lower-cased by the application, so that every database agrees.
  email_key text not null check (length(email_key) between 3 and 255),
  password_hash text not null,
  first_name text check (length(first_name) between 1 and 50),
  last_name text check (length(last_name) between 1 and 50),
  phone text check (phone ~ '^\+[0-9]{7,15}$'),
  physical_address text,
  created_at timestamptz not null default clock_timestamp(),
  verified_at timestamptz,
  banned_at timestamptz
);
-- The same address may exist once per role.
create unique index account_email on account (role, email_key);
create unique index account_driver_phone on account (phone) where role = 'driver';

create table session (
  id uuid primary key,
  account_id uuid not null references account on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index session_account on session (account_id);
create index session_expiry on session (expires_at);

create table one_time_code (
  account_id uuid not null references account on delete cascade,
  purpose text not null check (purpose in ('verify-email', 'reset-password')),
  code_hash bytea not null,
  tries_left smallint not null check (tries_left >= 0),
  expires_at timestamptz not null,
  -- The daily cap outlives the code: a used or replaced code keeps its row until the day is over.
  used_at timestamptz,
  issued_on date not null,
  issued_count smallint not null check (issued_count > 0),
  primary key (account_id, purpose)
);

create table mail (
  id uuid primary key,
  recipient text not null,
  subject text not null,
  -- Emptied once sent over SMTP: a dump of the database holds no code.
  body text,
  created_at timestamptz not null default clock_timestamp(),
  due_at timestamptz not null default clock_timestamp(),
  attempts smallint not null default 0,
  -- The fence: only the attempt that holds the lease may record its outcome.
  lease uuid,
  sent_at timestamptz,
  given_up_at timestamptz,
  last_error text
);
create index mail_due on mail (due_at) where sent_at is null and given_up_at is null;

-- One stream of news per account. seq is bumped in the transaction that writes the row, under the stream's row
-- lock, so that commit order is seq order and no reader can see a gap.
create table stream (
  account_id uuid primary key references account on delete cascade,
  seq bigint not null default 0
);

create table news (
  account_id uuid not null references stream on delete cascade,
  seq bigint not null,
  kind text not null,
  data jsonb not null,
  at timestamptz not null default clock_timestamp(),
  primary key (account_id, seq)
);
create index news_at on news (at);
