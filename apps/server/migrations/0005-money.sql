-- Money: payments by gateways, the ledger, refunds, payouts, cases and how a completed trip's fare was divided.

-- A payment is one attempt to pay a trip. At most one of a trip's payments is live; a retry replaces it.
alter table payment
  drop constraint payment_trip_id_key,
  drop constraint payment_status_check,
  drop constraint payment_paid,
  -- The customer's credit that pays the rest of the fare.
  add column credit_minor bigint not null default 0 check (credit_minor >= 0),
  add column gateway text check (gateway in ('paystack', 'flutterwave', 'yoco')),
  -- What the gateway knows it by; written before the gateway hears of it.
  add column reference text unique,
  add column page_gateway_id text,
  add column link text,
  add column verified_at timestamptz,
  add column failure text,
  add column replaced_at timestamptz,
  -- When the sweep asks the gateway next, and how often it has; nobody else asks before busy_until.
  add column due_at timestamptz,
  add column checks smallint not null default 0,
  add column busy_until timestamptz,
  -- Cash: what the books say was handed over, what the driver said himself, and what the customer said.
  add column received_minor bigint check (received_minor >= 0),
  add column stated_at timestamptz,
  add column confirmed_minor bigint check (confirmed_minor >= 0),
  add column confirmed_at timestamptz,
  add column code_tries_left smallint not null default 5 check (code_tries_left >= 0),
  add constraint payment_status check (status in ('created', 'pending', 'unknown', 'success', 'failed', 'underpaid',
    'refunding', 'refunded', 'reversed')),
  add constraint payment_paid check (paid_at is not null or status not in ('success', 'refunding', 'refunded', 'reversed')),
  -- Nothing but the gateway's own word makes a payment by gateway a paid one; credit alone needs none.
  add constraint payment_verified check (method = 'cash' or amount_minor = 0 or verified_at is not null
    or status not in ('success', 'refunding', 'refunded', 'reversed')),
  add constraint payment_gateway check ((gateway is not null) = (method <> 'cash' and amount_minor > 0)),
  add constraint payment_reference check ((gateway is null) = (reference is null)),
  add constraint payment_confirmed check ((confirmed_at is null) = (confirmed_minor is null));
update payment set received_minor = amount_minor where method = 'cash' and status = 'success';
alter table payment add constraint payment_cash_received check (method <> 'cash' or status <> 'success' or received_minor is not null);
create unique index payment_live on payment (trip_id) where replaced_at is null;
create index payment_trip on payment (trip_id);
create index payment_due on payment (due_at) where due_at is not null;

-- Whatever happens, the way from a paid payment back to an unpaid one is closed: late news of a failure changes nothing.
create function payment_is_monotone() returns trigger language plpgsql as $$
begin
  if (new.trip_id, new.method, new.amount_minor, new.credit_minor, new.currency, new.gateway, new.reference)
     is distinct from (old.trip_id, old.method, old.amount_minor, old.credit_minor, old.currency, old.gateway, old.reference) then
    raise exception 'payment %: what is to be paid is fixed', old.id using errcode = '23514';
  end if;
  if old.replaced_at is not null and new.replaced_at is null and new.status <> 'success' then
    raise exception 'payment % was replaced', old.id using errcode = '23514';
  end if;
  if old.status in ('success', 'refunding', 'refunded', 'reversed')
     and new.status in ('created', 'pending', 'unknown', 'failed', 'underpaid') then
    raise exception 'payment % may not go from % to %', old.id, old.status, new.status using errcode = '23514';
  end if;
  return new;
end $$;
create trigger payment_is_monotone before update on payment for each row execute function payment_is_monotone();

-- A driver is asked, and says yes, only while the money is there or cash was chosen.
create function payment_allows_driver(asked uuid) returns boolean language sql stable as $$
  select exists (select from payment where trip_id = asked and replaced_at is null
    and (status = 'success' or method = 'cash' and status = 'pending'))
$$;
create function offer_needs_payment() returns trigger language plpgsql as $$
begin
  if not payment_allows_driver(new.trip_id) then
    raise exception 'trip % is not paid for', new.trip_id using errcode = '23514', constraint = 'offer_needs_payment';
  end if;
  return new;
end $$;
create trigger offer_needs_payment before insert on offer for each row execute function offer_needs_payment();
create function accept_needs_payment() returns trigger language plpgsql as $$
begin
  if not payment_allows_driver(new.id) then
    raise exception 'trip % is not paid for', new.id using errcode = '23514', constraint = 'accept_needs_payment';
  end if;
  return new;
end $$;
create trigger accept_needs_payment before update on trip for each row
  when (old.status = 'pending' and new.status = 'accepted') execute function accept_needs_payment();

-- Money that a gateway has taken: one row for each of its transactions, so that each counts once.
create table charge (
  id uuid primary key,
  payment_id uuid not null references payment,
  gateway text not null,
  gateway_id text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  fee_minor bigint not null check (fee_minor between 0 and amount_minor),
  -- Pays for the trip; any other is money too much, and goes back.
  is_counted boolean not null,
  refunded_minor bigint not null default 0,
  reversed_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  unique (gateway, gateway_id),
  constraint charge_refunds check (refunded_minor between 0 and amount_minor)
);
create unique index charge_counted on charge (payment_id) where is_counted;
create index charge_payment on charge (payment_id);
create index charge_day on charge (gateway, created_at);

-- Money on its way back. Σ of a charge's refunds ≤ the charge, by charge_refunds.
create table refund (
  id uuid primary key,
  charge_id uuid not null references charge,
  amount_minor bigint not null check (amount_minor > 0),
  reason text not null,
  state text not null default 'created' check (state in ('created', 'sent', 'done', 'failed')),
  gateway_id text,
  failure text,
  -- Was sent at least once: from then on the gateway is asked before anything is sent again.
  sent_at timestamptz,
  due_at timestamptz default clock_timestamp(),
  checks smallint not null default 0,
  busy_until timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  constraint refund_ended check ((ended_at is not null) = (state in ('done', 'failed')))
);
create index refund_charge on refund (charge_id);
create index refund_due on refund (due_at) where due_at is not null;

-- Where a driver's earnings go.
create table payout_account (
  driver_id uuid primary key references driver,
  kind text not null check (kind in ('bank', 'mobile_money')),
  name text not null check (length(name) between 1 and 100),
  account_number text not null check (account_number ~ '^[0-9]{6,20}$'),
  bank_code text not null check (bank_code ~ '^[0-9A-Za-z-]{2,20}$'),
  changed_at timestamptz not null default clock_timestamp()
);

create table payout (
  id uuid primary key,
  driver_id uuid not null references driver,
  gateway text not null check (gateway in ('paystack', 'flutterwave', 'yoco')),
  reference text not null unique check (reference ~ '^[a-z0-9_-]{16,50}$'),
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null check (currency in ('ZAR', 'NGN', 'KES', 'GHS')),
  -- Where to, as it was then.
  kind text not null,
  name text not null,
  account_number text not null,
  bank_code text not null,
  state text not null default 'created' check (state in ('created', 'sent', 'paid', 'failed', 'reversed')),
  gateway_id text,
  failure text,
  sent_at timestamptz,
  due_at timestamptz default clock_timestamp(),
  checks smallint not null default 0,
  busy_until timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  constraint payout_ended check ((ended_at is not null) = (state in ('paid', 'failed', 'reversed')))
);
create unique index payout_one_open on payout (driver_id) where state in ('created', 'sent');
create index payout_driver on payout (driver_id, created_at desc);
create index payout_due on payout (due_at) where due_at is not null;

-- What gateways have told us, once each: only that something happened, for the gateway itself is asked what is so.
create table gateway_event (
  id bigint generated always as identity primary key,
  gateway text not null,
  dedupe_key text not null check (length(dedupe_key) <= 300),
  event text not null,
  about text not null,
  reference text,
  gateway_id text,
  received_at timestamptz not null default clock_timestamp(),
  due_at timestamptz default clock_timestamp(),
  attempts smallint not null default 0,
  unique (gateway, dedupe_key)
);
create index gateway_event_due on gateway_event (due_at) where due_at is not null;
create index gateway_event_age on gateway_event (received_at);

-- What a person has to look at. `key` names the matter, so that it is opened once.
create table money_case (
  id uuid primary key,
  key text not null unique,
  kind text not null check (kind in ('cash-disputed', 'cash-short', 'payment-mismatch', 'payment-unclear', 'charge-reversed',
    'charge-disputed', 'refund-stuck', 'payout-stuck', 'reconciliation')),
  trip_id uuid references trip,
  payment_id uuid references payment,
  refund_id uuid references refund,
  payout_id uuid references payout,
  details jsonb not null,
  opened_at timestamptz not null default clock_timestamp(),
  resolved_at timestamptz,
  resolved_by text,
  resolution jsonb,
  constraint money_case_resolved check ((resolved_at is null) = (resolved_by is null) and (resolved_at is null) = (resolution is null))
);
create index money_case_open on money_case (opened_at) where resolved_at is null;
create index money_case_payment on money_case (payment_id);

-- How a completed trip's fare was divided: the source of receipts and statements. The parts add up to the fare.
create table settlement (
  trip_id uuid primary key references trip,
  market text not null,
  currency text not null,
  customer_id uuid not null references account,
  driver_id uuid not null references driver,
  method text not null,
  fare_minor bigint not null,
  earning_minor bigint not null,
  -- What stays with the platform, without tax and the gateway's fee.
  commission_minor bigint not null,
  tax_minor bigint not null check (tax_minor >= 0),
  fee_minor bigint not null check (fee_minor >= 0),
  tax_basis_points integer not null,
  credit_minor bigint not null,
  settled_at timestamptz not null default clock_timestamp(),
  -- From when its receipt is to be numbered and mailed; null once it is, and where none is mailed.
  receipt_due_at timestamptz default clock_timestamp(),
  receipt_number bigint,
  receipt_issued_at timestamptz,
  -- Names and the like as they were when the number was given: a receipt does not change with its people.
  receipt_facts jsonb,
  constraint settlement_adds_up check (earning_minor + commission_minor + tax_minor + fee_minor = fare_minor),
  constraint settlement_receipt check ((receipt_number is null) = (receipt_issued_at is null)
    and (receipt_number is null) = (receipt_facts is null)),
  unique (market, receipt_number)
);
create index settlement_driver on settlement (driver_id, settled_at desc);
create index settlement_time on settlement (settled_at);
create index settlement_receipt_due on settlement (receipt_due_at) where receipt_due_at is not null;

-- The last receipt number of each market; taken under its lock, so that no number is missing.
create table receipt_counter (market text primary key, last_number bigint not null default 0);
insert into receipt_counter (market) values ('ZA'), ('NG'), ('KE'), ('GH');

-- Unique numbers, each with the one before it, of which none is ever deleted: there can be no gap. At the commit, for a
-- transaction may give several numbers.
create function receipt_numbers_are_dense() returns trigger language plpgsql as $$
begin
  if new.receipt_number <> 1 and not exists (
    select from settlement where market = new.market and receipt_number = new.receipt_number - 1) then
    raise exception 'receipt % of % has none before it', new.receipt_number, new.market
      using errcode = '23514', constraint = 'receipt_numbers_are_dense';
  end if;
  return null;
end $$;
create constraint trigger receipt_numbers_are_dense after insert or update of receipt_number on settlement
  deferrable initially deferred for each row when (new.receipt_number is not null)
  execute function receipt_numbers_are_dense();

-- What has a number says the same for ever; only whether its mail is still due may change.
create function receipt_is_final() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) - 'receipt_due_at' is distinct from to_jsonb(old) - 'receipt_due_at' then
    raise exception 'receipt % of % was issued', old.receipt_number, old.market
      using errcode = '23514', constraint = 'receipt_is_final';
  end if;
  return new;
end $$;
create trigger receipt_is_final before update on settlement for each row when (old.receipt_number is not null)
  execute function receipt_is_final();

-- The ledger: double entry, minor units, credits positive. Σ of each transaction and currency is 0.
create table ledger_account (
  id bigint generated always as identity primary key,
  -- held: paid for trips that are not completed. credit: what a customer may spend. receivable: what a customer owes.
  -- driver: what a driver has earned, or owes when below 0. withheld: earnings a customer still owes him.
  -- clearing: money at a gateway or in the office. refunds, payouts: under way. fees: gateways' fees. commission, tax: by market.
  -- opening: what was there before the ledger.
  kind text not null check (kind in ('held', 'credit', 'receivable', 'driver', 'withheld', 'clearing', 'refunds', 'payouts',
    'fees', 'commission', 'tax', 'opening')),
  owner text not null,
  currency text not null check (currency in ('ZAR', 'NGN', 'KES', 'GHS')),
  -- Kept for people's accounts only: the others are in every transaction, and would make them wait for one another.
  balance_minor bigint not null default 0,
  unique (kind, owner, currency),
  constraint ledger_never_negative check (kind not in ('held', 'credit', 'withheld') or balance_minor >= 0),
  constraint ledger_receivable check (kind <> 'receivable' or balance_minor <= 0)
);
insert into ledger_account (kind, owner, currency)
select kind, owner, currency
from unnest(array['clearing', 'refunds', 'payouts']) as kind, unnest(array['paystack', 'flutterwave', 'yoco', 'office']) as owner,
  unnest(array['ZAR', 'NGN', 'KES', 'GHS']) as currency
union all
select kind, market, currency
from unnest(array['fees', 'commission', 'tax', 'opening']) as kind,
  (values ('ZA', 'ZAR'), ('NG', 'NGN'), ('KE', 'KES'), ('GH', 'GHS')) as m (market, currency);

create table ledger_transaction (
  id bigint generated always as identity primary key,
  kind text not null,
  -- What it books: with its kind, posted at most once.
  key text not null,
  trip_id uuid references trip,
  memo text,
  at timestamptz not null default clock_timestamp(),
  unique (kind, key)
);
create index ledger_transaction_trip on ledger_transaction (trip_id);
create index ledger_transaction_time on ledger_transaction (at);

create table ledger_entry (
  transaction_id bigint not null references ledger_transaction,
  account_id bigint not null references ledger_account,
  amount_minor bigint not null check (amount_minor <> 0),
  primary key (transaction_id, account_id)
);
create index ledger_entry_account on ledger_entry (account_id, transaction_id);
create trigger ledger_entry_is_immutable before update or delete on ledger_entry
  for each row execute function refuse_change();
create trigger ledger_transaction_is_immutable before update or delete on ledger_transaction
  for each row execute function refuse_change();
create trigger settlement_is_kept before delete on settlement for each row execute function refuse_change();

create function ledger_balances() returns trigger language plpgsql as $$
declare
  after bigint;
begin
  update ledger_account set balance_minor = balance_minor + new.amount_minor
  where id = new.account_id and kind in ('held', 'credit', 'receivable', 'driver', 'withheld')
  returning balance_minor into after;
  -- Only a payout may not go below what he has: commission on cash may.
  if after < 0 and exists (select from ledger_transaction where id = new.transaction_id and kind = 'payout') then
    raise exception 'payout of more than there is' using errcode = '23514', constraint = 'payout_within_balance';
  end if;
  return null;
end $$;
create trigger ledger_balances after insert on ledger_entry for each row execute function ledger_balances();

-- At the commit, since the entries of a transaction come one after the other.
create function ledger_is_balanced() returns trigger language plpgsql as $$
begin
  if exists (select from ledger_entry as e join ledger_account as a on a.id = e.account_id
             where e.transaction_id = new.transaction_id group by a.currency having sum(e.amount_minor) <> 0) then
    raise exception 'ledger transaction % does not balance', new.transaction_id
      using errcode = '23514', constraint = 'ledger_is_balanced';
  end if;
  return null;
end $$;
create constraint trigger ledger_is_balanced after insert on ledger_entry deferrable initially deferred
  for each row execute function ledger_is_balanced();

-- Cash that was received before there was a ledger: as if it had been booked then, without a commission.
insert into ledger_account (kind, owner, currency)
select 'driver', received_by::text, currency from payment where method = 'cash' and status = 'success'
union
select 'held', t.customer_id::text, p.currency from payment as p join trip as t on t.id = p.trip_id
where p.method = 'cash' and p.status = 'success';
insert into ledger_transaction (kind, key, trip_id)
select 'cash', id::text, trip_id from payment where method = 'cash' and status = 'success' and amount_minor > 0;
insert into ledger_entry (transaction_id, account_id, amount_minor)
select l.id, a.id, case a.kind when 'driver' then -p.amount_minor else p.amount_minor end
from ledger_transaction as l join payment as p on l.kind = 'cash' and l.key = p.id::text join trip as t on t.id = p.trip_id
join ledger_account as a on a.currency = p.currency
  and (a.kind = 'driver' and a.owner = p.received_by::text or a.kind = 'held' and a.owner = t.customer_id::text);
insert into settlement (trip_id, market, currency, customer_id, driver_id, method, fare_minor, earning_minor, commission_minor,
  tax_minor, fee_minor, tax_basis_points, credit_minor, settled_at, receipt_due_at)
select t.id, t.market, t.currency, t.customer_id, t.driver_id, p.method, t.fare_minor, t.fare_minor, 0, 0, 0, 0, 0, t.ended_at, null
from trip as t join payment as p on p.trip_id = t.id
where t.status = 'completed' and p.method = 'cash' and p.status = 'success' and p.amount_minor = t.fare_minor;
insert into ledger_transaction (kind, key, trip_id)
select 'completion', trip_id::text, trip_id from settlement where fare_minor > 0;
insert into ledger_entry (transaction_id, account_id, amount_minor)
select l.id, a.id, case a.kind when 'driver' then s.fare_minor else -s.fare_minor end
from ledger_transaction as l join settlement as s on l.kind = 'completion' and l.key = s.trip_id::text
join ledger_account as a on a.currency = s.currency
  and (a.kind = 'driver' and a.owner = s.driver_id::text or a.kind = 'held' and a.owner = s.customer_id::text);
-- Cash that was handed over for a trip that staff then cancelled is the customer's.
insert into ledger_account (kind, owner, currency)
select distinct 'credit', t.customer_id::text, t.currency from trip as t join payment as p on p.trip_id = t.id
where t.status = 'cancelled' and p.method = 'cash' and p.status = 'success';
insert into ledger_transaction (kind, key, trip_id)
select 'undriven', p.id::text, t.id from trip as t join payment as p on p.trip_id = t.id
where t.status = 'cancelled' and p.method = 'cash' and p.status = 'success' and p.amount_minor > 0;
insert into ledger_entry (transaction_id, account_id, amount_minor)
select l.id, a.id, case a.kind when 'credit' then p.amount_minor else -p.amount_minor end
from ledger_transaction as l join payment as p on l.kind = 'undriven' and l.key = p.id::text join trip as t on t.id = p.trip_id
join ledger_account as a on a.currency = p.currency and a.kind in ('credit', 'held') and a.owner = t.customer_id::text;
update payment set status = 'refunded' from trip as t
where t.id = trip_id and t.status = 'cancelled' and method = 'cash' and payment.status = 'success';

-- What gateways' lists and ours said about each other, a row a day and gateway.
create table reconciliation (
  gateway text not null,
  day date not null,
  checked_at timestamptz not null default clock_timestamp(),
  charges integer not null,
  -- Charges that only one side knows, or that differ.
  differences jsonb not null,
  primary key (gateway, day)
);

-- A mail may have a second form and one file; both go once it is sent.
alter table mail
  add column html text,
  add column attachment bytea,
  add column attachment_name text,
  add constraint mail_attachment check ((attachment is null) = (attachment_name is null));
