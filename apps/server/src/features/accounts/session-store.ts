import type { Role } from '@toota/contract'
import { sql } from 'kysely'
import type { AccountId, SessionId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { EndReason } from './model/session.ts'

/** Opens a session of an existing client that lives `lifetimeSeconds` by the database's clock. */
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

export type Session = {
  readonly id: SessionId
  readonly createdAt: Date
  /** When it was last refreshed; sessions of the existing clients never are. */
  readonly usedAt: Date
  readonly expiresAt: Date
}

/** The live sessions of an account, newest first. */
export async function findSessions(tx: Tx, accountId: AccountId, limit: number): Promise<Session[]> {
  const { rows } = await sql<Session>`
    select id, created_at as "createdAt", coalesce(rotated_at, created_at) as "usedAt", expires_at as "expiresAt"
    from session
    where account_id = ${accountId} and revoked_at is null and expires_at > clock_timestamp()
    order by created_at desc, id limit ${limit}`.execute(tx)
  return rows
}

/** Ends one session of this account; false when it has none such that lives. */
export async function endSessionOf(
  tx: Tx,
  accountId: AccountId,
  sessionId: SessionId,
  because: EndReason,
): Promise<boolean> {
  const { rows } = await sql`
    update session
    set revoked_at = clock_timestamp(), revoked_because = ${because}, expires_at = clock_timestamp()
    where id = ${sessionId} and account_id = ${accountId}
      and revoked_at is null and expires_at > clock_timestamp()
    returning 1`.execute(tx)
  return rows.length > 0
}

/** Ends the live sessions of these accounts, but `except`; answers which. */
export async function endSessionsOf(
  tx: Tx,
  accountIds: readonly AccountId[],
  because: EndReason,
  except?: SessionId,
): Promise<SessionId[]> {
  const { rows } = await sql<{ id: SessionId }>`
    update session
    set revoked_at = clock_timestamp(), revoked_because = ${because}, expires_at = clock_timestamp()
    where account_id = any(${accountIds}::uuid[]) and id is distinct from ${except ?? null}::uuid
      and revoked_at is null and expires_at > clock_timestamp()
    returning id`.execute(tx)
  return rows.map(({ id }) => id)
}

/** Which of these sessions nobody may act in any more: ended, expired, gone, or their account is shut. */
export async function findEndedSessions(tx: Tx, sessionIds: readonly SessionId[]): Promise<SessionId[]> {
  const { rows } = await sql<{ id: SessionId }>`
    select asked.id from unnest(${sessionIds}::uuid[]) asked (id)
    where not exists (
      select from session s join account a on a.id = s.account_id
      where s.id = asked.id and s.revoked_at is null and s.expires_at > clock_timestamp()
        and a.verified_at is not null and a.banned_at is null)`.execute(tx)
  return rows.map(({ id }) => id)
}
