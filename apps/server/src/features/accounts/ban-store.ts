import { sql } from 'kysely'
import type { AccountId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import { emailKey } from './model/email.ts'

/** Bans or admits the accounts of these addresses; answers those that changed. */
export async function saveBan(tx: Tx, emails: readonly string[], isBanned: boolean): Promise<AccountId[]> {
  const rows = await tx
    .updateTable('account')
    .set({ banned_at: isBanned ? sql<Date>`clock_timestamp()` : null })
    .where('email_key', 'in', emails.map(emailKey))
    .where('banned_at', isBanned ? 'is' : 'is not', null)
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}
