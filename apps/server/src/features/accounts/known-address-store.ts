import type { Role } from '@toota/contract'
import { sql } from 'kysely'
import type { AccountId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import { emailKey } from './model/email.ts'

/** Of each account the newest so many: phones change their address all the time. */
const KEPT_PER_ACCOUNT = 50

/** Whether its owner has been at this address. For an e-mail that nobody has, the same question with the same work. */
export async function isKnownAddress(tx: Tx, email: string, role: Role, digest: Buffer): Promise<boolean> {
  const { rows } = await sql`
    select 1 from known_address join account on account.id = known_address.account_id
    where account.email_key = ${emailKey(email)} and account.role = ${role}
      and known_address.digest = ${digest}`.execute(tx)
  return rows.length > 0
}

export async function saveKnownAddress(tx: Tx, accountId: AccountId, digest: Buffer): Promise<void> {
  await sql`
    insert into known_address (account_id, digest) values (${accountId}, ${digest})
    on conflict (account_id, digest) do update set last_used_at = clock_timestamp()`.execute(tx)
  await sql`
    delete from known_address where account_id = ${accountId} and digest in (
      select digest from known_address where account_id = ${accountId}
      order by last_used_at desc offset ${KEPT_PER_ACCOUNT})`.execute(tx)
}
