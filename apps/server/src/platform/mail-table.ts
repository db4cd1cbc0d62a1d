import { sql } from 'kysely'
import { randomUUID } from 'node:crypto'
import type { Database, Tx } from './database/index.ts'
import type { Attachment, MailOutbox } from './mail-outbox.ts'

/** The outbox as a table: a mail is a row of the transaction that it tells of. */
export function createMailOutbox(): MailOutbox {
  return {
    async enqueue(tx, { to, subject, body, html, attachment }) {
      await tx
        .insertInto('mail')
        .values({
          id: randomUUID(),
          recipient: to,
          subject,
          body,
          html: html ?? null,
          attachment: attachment?.content ?? null,
          attachment_name: attachment?.name ?? null,
        })
        .execute()
    },
  }
}

export type ClaimedMail = {
  readonly id: string
  readonly recipient: string
  readonly subject: string
  readonly body: string
  readonly html: string | null
  readonly attachment: Attachment | null
  /** This attempt's number, from 1. */
  readonly attempt: number
}

/** PDFs are all that is ever attached. */
type ClaimedRow = Omit<ClaimedMail, 'attachment'> & {
  readonly attachment: Buffer | null
  readonly attachmentName: string | null
}

/**
 * Takes due mail for `leaseSeconds`. A sender that dies leaves its lease to run out, and the mail is due again; one
 * that lives on past it cannot record anything, since the next claim has replaced the lease.
 */
export async function claimDueMail(
  tx: Tx,
  { lease, leaseSeconds, limit }: { lease: string; leaseSeconds: number; limit: number },
): Promise<ClaimedMail[]> {
  const { rows } = await sql<ClaimedRow>`
    update mail
    set lease = ${lease}, attempts = attempts + 1,
        due_at = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    where id in (select id from mail
                 where sent_at is null and given_up_at is null and due_at <= clock_timestamp()
                 order by due_at limit ${limit} for update skip locked)
    returning id, recipient, subject, body, html, attachment, attachment_name as "attachmentName",
      attempts as attempt`.execute(tx)
  return rows.map(({ attachment, attachmentName, ...mail }) => ({
    ...mail,
    attachment:
      attachment !== null && attachmentName !== null
        ? { name: attachmentName, contentType: 'application/pdf', content: attachment }
        : null,
  }))
}

export async function recordSent(tx: Tx, id: string, lease: string): Promise<void> {
  await sql`
    update mail set sent_at = clock_timestamp(), body = null, html = null, attachment = null, attachment_name = null,
        lease = null, last_error = null
    where id = ${id} and lease = ${lease}`.execute(tx)
}

/** Due again after `retrySeconds`, or given up when undefined. */
export async function recordFailure(
  tx: Tx,
  id: string,
  lease: string,
  failure: { readonly reason: string; readonly retrySeconds: number | undefined },
): Promise<void> {
  const { reason, retrySeconds } = failure
  await sql`
    update mail
    set lease = null, last_error = ${reason},
        due_at = clock_timestamp() + make_interval(secs => ${retrySeconds ?? 0}),
        given_up_at = case when ${retrySeconds === undefined} then clock_timestamp() end
    where id = ${id} and lease = ${lease}`.execute(tx)
}

/** Milliseconds until the next mail is due; undefined when none waits. */
export async function untilNextMail(tx: Tx): Promise<number | undefined> {
  const { rows } = await sql<{ ms: number | null }>`
    select extract(epoch from min(due_at) - clock_timestamp())::float8 * 1000 as ms
    from mail where sent_at is null and given_up_at is null`.execute(tx)
  return rows[0]?.ms ?? undefined
}

export type StuckMail = { readonly waiting: number; readonly givenUp: number }

/** Mail of the last week that waits longer than it should, or was given up. */
export async function countStuckMail({ single }: Pick<Database, 'single'>): Promise<StuckMail> {
  const { rows } = await sql<StuckMail>`
    select count(*) filter (where given_up_at is null and due_at < clock_timestamp() - interval '5 minutes') as waiting,
           count(*) filter (where given_up_at is not null) as "givenUp"
    from mail where sent_at is null and created_at > clock_timestamp() - interval '7 days'`.execute(single)
  return rows[0] ?? { waiting: 0, givenUp: 0 }
}

export type StoredMail = {
  readonly to: string
  readonly subject: string
  /** Null once sent over SMTP. */
  readonly body: string | null
  readonly attachmentName: string | null
  readonly createdAt: Date
}

/** The newest mails, also to one recipient only (any case). */
export async function listMail(
  { single }: Pick<Database, 'single'>,
  { to, limit }: { readonly to: string | undefined; readonly limit: number },
): Promise<StoredMail[]> {
  let query = single
    .selectFrom('mail')
    .select(['recipient', 'subject', 'body', 'attachment_name', 'created_at'])
  if (to !== undefined) query = query.where(sql`lower(recipient)`, '=', to.trim().toLowerCase())
  const rows = await query.orderBy('created_at', 'desc').limit(limit).execute()
  return rows.map((row) => ({
    to: row.recipient,
    subject: row.subject,
    body: row.body,
    attachmentName: row.attachment_name,
    createdAt: row.created_at,
  }))
}
