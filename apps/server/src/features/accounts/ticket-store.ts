import { sql } from 'kysely'
import type { SessionId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Principal } from './model/principal.ts'

/** Keeps a ticket for so many seconds. */
export async function insertTicket(
  tx: Tx,
  digest: Buffer,
  sessionId: SessionId,
  validSeconds: number,
): Promise<void> {
  await sql`
    insert into ticket (digest, session_id, expires_at)
    values (${digest}, ${sessionId}, clock_timestamp() + make_interval(secs => ${validSeconds}))`.execute(tx)
}

/** Takes a ticket away and answers whom it speaks for, if its session and account still live. Only one caller gets it. */
export async function spendTicket(tx: Tx, digest: Buffer): Promise<Principal | undefined> {
  const { rows } = await sql<Principal>`
    with spent as (delete from ticket where digest = ${digest} returning session_id, expires_at)
    select a.id as "accountId", a.role, s.id as "sessionId"
    from spent join session s on s.id = spent.session_id join account a on a.id = s.account_id
    where spent.expires_at > clock_timestamp()
      and s.revoked_at is null and s.expires_at > clock_timestamp()
      and a.verified_at is not null and a.banned_at is null`.execute(tx)
  return rows[0]
}
