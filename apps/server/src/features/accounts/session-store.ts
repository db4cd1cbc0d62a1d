import type { Role } from '@toota/contract'
import { sql } from 'kysely'
import type { AccountId, SessionId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'

/** Opens a session that lives `lifetimeSeconds` by the database's clock. */
export async function insertSession(
  tx: Tx,
  id: SessionId,
  accountId: AccountId,
  lifetimeSeconds: number,
): Promise<void> {
  await tx
    .insertInto('session')
    .values({
      id,
      account_id: accountId,
      expires_at: sql<Date>`clock_timestamp() + make_interval(secs => ${lifetimeSeconds})`,
    })
    .execute()
}

export type SessionHolder = {
  readonly role: Role
  readonly isActive: boolean
  readonly isSessionLive: boolean
}

/** The account a token speaks for and whether its session still lives, in one statement. */
export async function findSessionHolder(
  tx: Tx,
  accountId: AccountId,
  sessionId: SessionId,
): Promise<SessionHolder | undefined> {
  const { rows } = await sql<SessionHolder>`
    select a.role,
           a.verified_at is not null and a.banned_at is null as "isActive",
           s.id is not null as "isSessionLive"
    from account a
    left join session s on s.id = ${sessionId} and s.account_id = a.id
                       and s.revoked_at is null and s.expires_at > clock_timestamp()
    where a.id = ${accountId}`.execute(tx)
  return rows[0]
}
