import type { Role } from '@toota/contract'
import { sql } from 'kysely'
import type { AccountId, SessionId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { RefreshNumber } from '../../platform/refresh-tokens.ts'
import { IDLE_DAYS, MOST_DAYS, RETRY_SECONDS } from './model/session.ts'

/** A session whose refresh tokens are numbered. */
export type NumberedSession = {
  readonly sessionId: SessionId
  readonly accountId: AccountId
  readonly role: Role
  /** Of the refresh token that counts now. */
  readonly number: number
  readonly expiresAt: Date
}

const idleEnd = sql`clock_timestamp() + make_interval(days => ${sql.lit(IDLE_DAYS)})`

/** Opens a session of `/v1`, with refresh token number 0. */
export async function insertNumberedSession(
  tx: Tx,
  { sessionId, accountId, role }: Pick<NumberedSession, 'sessionId' | 'accountId' | 'role'>,
  device: Buffer | undefined,
): Promise<NumberedSession> {
  const row = await tx
    .insertInto('session')
    .values({
      id: sessionId,
      account_id: accountId,
      kind: 'v1',
      device: device ?? null,
      expires_at: sql<Date>`${idleEnd}`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow()
  return { sessionId, accountId, role, number: 0, expiresAt: row.expires_at }
}

/** Moves on from this number, if it is the present one of a live session: of two at once only one does. */
export async function advanceRefresh(
  tx: Tx,
  { sessionId, number }: RefreshNumber,
): Promise<NumberedSession | undefined> {
  const { rows } = await sql<NumberedSession>`
    update session s
    set refresh_number = s.refresh_number + 1, rotated_at = clock_timestamp(),
        expires_at = least(${idleEnd}, s.created_at + make_interval(days => ${sql.lit(MOST_DAYS)}))
    from account a
    where a.id = s.account_id and s.id = ${sessionId} and s.kind = 'v1' and s.refresh_number = ${number}
      and s.revoked_at is null and s.expires_at > clock_timestamp()
      and a.verified_at is not null and a.banned_at is null
    returning s.id as "sessionId", a.id as "accountId", a.role, s.refresh_number as number,
              s.expires_at as "expiresAt"`.execute(tx)
  return rows[0]
}

export type LateRefresh = NumberedSession & {
  readonly email: string
  /** The token just before the present one, soon after it was replaced and from the device of the session. */
  readonly isRetry: boolean
}

/** The live session of a refresh token that is not the present one. Its row is locked. */
export async function lockLateRefresh(
  tx: Tx,
  { sessionId, number }: RefreshNumber,
  device: Buffer | undefined,
): Promise<LateRefresh | undefined> {
  const { rows } = await sql<LateRefresh>`
    select s.id as "sessionId", a.id as "accountId", a.role, a.email, s.refresh_number as number,
           s.expires_at as "expiresAt",
           s.refresh_number = ${number}::bigint + 1
             and s.rotated_at > clock_timestamp() - make_interval(secs => ${RETRY_SECONDS})
             and s.device is not distinct from ${device ?? null}::bytea as "isRetry"
    from session s join account a on a.id = s.account_id
    where s.id = ${sessionId} and s.kind = 'v1' and s.revoked_at is null and s.expires_at > clock_timestamp()
      and a.verified_at is not null and a.banned_at is null
    for update of s`.execute(tx)
  return rows[0]
}
