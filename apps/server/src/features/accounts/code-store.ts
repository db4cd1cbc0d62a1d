import { sql } from 'kysely'
import type { AccountId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import { CODE_TRIES, CODES_PER_DAY, type CodePurpose } from './model/code.ts'

/**
 * Puts a new code in the place of the last one. False when the account has had its codes of the day (UTC), decided
 * by the same statement, so that parallel requests cannot pass the cap together.
 */
export async function replaceCode(
  tx: Tx,
  accountId: AccountId,
  purpose: CodePurpose,
  code: { readonly hash: Buffer; readonly validSeconds: number },
): Promise<boolean> {
  const { rows } = await sql`
    insert into one_time_code (account_id, purpose, code_hash, tries_left, expires_at, issued_on, issued_count)
    values (${accountId}, ${purpose}, ${code.hash}, ${CODE_TRIES},
            clock_timestamp() + make_interval(secs => ${code.validSeconds}),
            (clock_timestamp() at time zone 'utc')::date, 1)
    on conflict (account_id, purpose) do update
    set code_hash = excluded.code_hash, tries_left = excluded.tries_left, expires_at = excluded.expires_at,
        used_at = null, issued_on = excluded.issued_on,
        issued_count = case when one_time_code.issued_on = excluded.issued_on
                            then one_time_code.issued_count + 1 else 1 end
    where one_time_code.issued_on <> excluded.issued_on or one_time_code.issued_count < ${CODES_PER_DAY}
    returning 1`.execute(tx)
  return rows.length === 1
}

export type Guess = 'right' | 'wrong' | 'no-code'

/**
 * Spends one try and, when the code is right, the code itself, in one statement: of any number of parallel guesses
 * at most {@link CODE_TRIES} are compared. The caller must commit whatever the answer is.
 */
export async function guessCode(
  tx: Tx,
  accountId: AccountId,
  purpose: CodePurpose,
  hash: Buffer,
): Promise<Guess> {
  const { rows } = await sql<{ isRight: boolean }>`
    update one_time_code
    set tries_left = tries_left - 1,
        used_at = case when code_hash = ${hash} then clock_timestamp() end
    where account_id = ${accountId} and purpose = ${purpose}
      and used_at is null and tries_left > 0 and expires_at > clock_timestamp()
    returning used_at is not null as "isRight"`.execute(tx)
  if (rows[0]) return rows[0].isRight ? 'right' : 'wrong'

  const pending = await sql`
    select 1 from one_time_code
    where account_id = ${accountId} and purpose = ${purpose} and used_at is null`.execute(tx)
  return pending.rows.length > 0 ? 'wrong' : 'no-code'
}
