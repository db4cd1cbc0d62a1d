import { randomUUID } from 'node:crypto'
import type { Database } from './database/index.ts'
import type { Logger } from './log.ts'
import { claimDueMail, recordFailure, recordSent, untilNextMail, type ClaimedMail } from './mail-table.ts'
import { openSmtp, smtpFault, type SmtpSettings } from './smtp.ts'
import type { Attachment } from './mail-outbox.ts'
import type { SweepJob } from './sweep.ts'

export type MailSender = {
  /** Sends what is due and answers in how many milliseconds to look again. */
  sendDueMail: SweepJob
  close(): void
}

const LEASE_SECONDS = 60
const BATCH = 10
const MAX_ATTEMPTS = 10
const FIRST_RETRY_SECONDS = 10
const LONGEST_RETRY_SECONDS = 3600
// New mail is found by looking: a person waits for it, so no longer than this.
const LOOK_AGAIN_MS = 1_000

/** Takes mail from the outbox to an SMTP server: at least once, or given up after {@link MAX_ATTEMPTS}. */
export function createMailSender(
  { db, log }: { readonly db: Database; readonly log: Logger },
  smtp: SmtpSettings,
  chance: () => number = Math.random,
): MailSender {
  const transport = openSmtp(smtp)

  const deliver = async (mail: ClaimedMail, lease: string): Promise<void> => {
    try {
      await transport.sendMail({
        from: smtp.from,
        to: { name: '', address: mail.recipient },
        subject: mail.subject,
        text: mail.body,
        ...(mail.html !== null && { html: mail.html }),
        ...(mail.attachment && { attachments: [attached(mail.attachment)] }),
        messageId: `<${mail.id}@toota>`,
      })
    } catch (error) {
      const retrySeconds = retryAfter(mail.attempt, chance())
      const reason = smtpFault(error)
      await recordFailure(db.single, mail.id, lease, { reason, retrySeconds })
      const entry = { mailId: mail.id, attempt: mail.attempt, reason, retrySeconds }
      if (retrySeconds === undefined) log.error(entry, 'mail given up')
      else log.warn(entry, 'mail not sent yet')
      return
    }
    await recordSent(db.single, mail.id, lease)
  }

  return {
    async sendDueMail() {
      const lease = randomUUID()
      const claimed = await claimDueMail(db.single, { lease, leaseSeconds: LEASE_SECONDS, limit: BATCH })
      await Promise.all(claimed.map((mail) => deliver(mail, lease)))
      if (claimed.length === BATCH) return 0
      return Math.min(Math.max((await untilNextMail(db.single)) ?? LOOK_AGAIN_MS, 0), LOOK_AGAIN_MS)
    },
    close: () => transport.close(),
  }
}

const attached = ({ name, contentType, content }: Attachment) => ({ filename: name, contentType, content })

/** Seconds to wait after the attempt of this number (from 1); undefined after the last. `chance` is in [0, 1). */
export function retryAfter(attempt: number, chance: number): number | undefined {
  if (attempt >= MAX_ATTEMPTS) return undefined
  const seconds = Math.min(FIRST_RETRY_SECONDS * 2 ** (attempt - 1), LONGEST_RETRY_SECONDS)
  return seconds * (0.8 + 0.4 * chance)
}
