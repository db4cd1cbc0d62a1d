import { sql } from 'kysely'
import { rewriteBy } from '../races/edits.ts'
import { openDatabase } from '../../src/platform/database/index.ts'
import type { Settings } from '../../src/platform/platform.ts'
import { createMoneyWorld, type MoneyWorld } from '../money.ts'

/** What is broken on purpose: the schema of the test's own database, and the SQL that the code sends. */
export type MoneySabotage = {
  readonly schema?: readonly string[]
  readonly code?: readonly (readonly [find: string, put: string])[]
}

const CASH_DUE = 'and "method" = $5 and "status" = $6'
const POSTED = 'values ($1, $2, $3, $4)\n      on conflict (kind, key) do nothing'

const BALANCE = 'select "balance_minor" from "ledger_account"'

const onEntries = (change: string): string[] => [
  `create function skew() returns trigger language plpgsql as $$
   declare account text; event text;
   begin
     select kind into account from ledger_account where id = new.account_id;
     select kind into event from ledger_transaction where id = new.transaction_id;
     ${change}
     return new;
   end $$`,
  'create trigger skew before insert on ledger_entry for each row execute function skew()',
]

export const MONEY_SABOTAGES = {
  /** A cent of each commission is lost, and nothing sees that the books do not balance. */
  unbalanced: {
    schema: [
      'drop trigger ledger_is_balanced on ledger_entry',
      ...onEntries(`if event = 'completion' and account = 'commission' then
        new.amount_minor := new.amount_minor - 1; end if;`),
    ],
  },
  /** Commissions are rounded down instead of to the nearest cent, in the ledger and in the division alike. */
  roundedDown: {
    schema: [
      ...onEntries(`if event = 'completion' and account in ('commission', 'driver') then
        new.amount_minor := new.amount_minor + case account when 'driver' then 1 else -1 end; end if;`),
      `create function skew_division() returns trigger language plpgsql as $$ begin
         new.earning_minor := new.earning_minor + 1;
         new.commission_minor := new.commission_minor - 1;
         return new;
       end $$`,
      'create trigger skew_division before insert on settlement for each row execute function skew_division()',
    ],
  },
  /** Every completed trip is booked again under another key. */
  bookedTwice: {
    schema: [
      'alter table ledger_account drop constraint ledger_never_negative',
      `create function book_again() returns trigger language plpgsql as $$ begin
         with again as (insert into ledger_transaction (kind, key, trip_id)
           select kind, key || ':again', trip_id from ledger_transaction
           where kind = 'completion' and key = new.trip_id::text returning id)
         insert into ledger_entry select again.id, e.account_id, e.amount_minor
         from again, ledger_entry as e join ledger_transaction as l on l.id = e.transaction_id
         where l.kind = 'completion' and l.key = new.trip_id::text;
         return null;
       end $$`,
      'create trigger book_again after insert on settlement for each row execute function book_again()',
    ],
  },
  /** Nobody asks whether the cash is still due, and the ledger takes the same event twice. */
  cashTwice: {
    code: [
      [CASH_DUE, 'and "method" = $5 and $6::text is not null'],
      [POSTED, POSTED.replace('$2', `case $1 when 'cash' then $2 || clock_timestamp()::text else $2 end`)],
    ],
  },
  /** Credit that was set aside for a payment that was replaced is forgotten. */
  creditLost: {
    schema: [
      `create function forget() returns trigger language plpgsql as $$ begin return null; end $$`,
      `create trigger forget before insert on ledger_transaction for each row
       when (new.kind = 'credit-returned') execute function forget()`,
    ],
  },
  /** What drivers owe is not looked at when they are asked. */
  debtsIgnored: {
    code: [
      [
        BALANCE,
        BALANCE.replace(
          '"balance_minor"',
          `case "kind" when 'driver' then 0 else "balance_minor" end as "balance_minor"`,
        ),
      ],
    ],
  },
} satisfies Record<string, MoneySabotage>

/** A world with something broken. Runs `test` in it and closes it. */
export async function inMoneyWorld<T>(
  { schema = [], code = [] }: MoneySabotage,
  test: (world: MoneyWorld) => Promise<T>,
  settings: Partial<Settings> = {},
): Promise<T> {
  const world = await createMoneyWorld({ settings })
  const { rewrite, refuseUnused } = rewriteBy(code)
  const db = openDatabase({ url: world.url, rewrite })
  try {
    for (const statement of schema) await sql.raw(statement).execute(world.db.single)
    const result = await test({ ...world, platform: { ...world.platform, db } })
    refuseUnused()
    return result
  } finally {
    await db.close()
    await world.close()
  }
}
