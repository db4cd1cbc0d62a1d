import type { Config } from '../config.ts'
import type { StuckMail } from '../platform/mail-table.ts'
import { trySmtp } from '../platform/smtp.ts'
import { findingsOf, reasonOf, type Finding } from './finding.ts'
import { inTime } from './in-time.ts'

const { ok, warn, fail } = findingsOf('mail')

/** `stuck` is undefined when the outbox could not be read. */
export async function checkMail(
  { mail, settings }: Pick<Config, 'mail' | 'settings'>,
  stuck: Promise<StuckMail | undefined>,
): Promise<Finding[]> {
  const [server, counts] = await Promise.all([checkServer(mail, settings.isDebug), stuck])
  return [server, ...(mail.smtp && counts ? judgeOutbox(counts) : [])]
}

async function checkServer({ smtp, from }: Config['mail'], isDebug: boolean): Promise<Finding> {
  if (!smtp) {
    const says = 'outbox only: no mail is sent'
    return isDebug
      ? ok(`${says}; read it at /dev/mail`)
      : warn(says, 'set EMAIL_HOST, or nobody gets a sign-in code')
  }
  const place = `${smtp.host}:${smtp.port}`
  const fault = await inTime(trySmtp({ ...smtp, from })).catch(reasonOf)
  if (fault === undefined) return ok(`${place} ${smtp.login ? 'lets us in' : 'answers; no login is set'}`)
  return fault.startsWith('EAUTH')
    ? fail(`${place} refuses the login (${fault})`, 'correct EMAIL_HOST_USER and EMAIL_HOST_PASSWORD')
    : fail(
        `${place} is not usable (${fault})`,
        'correct EMAIL_HOST, EMAIL_PORT, EMAIL_USE_TLS and EMAIL_USE_SSL, or let port and host through the firewall',
      )
}

function judgeOutbox({ waiting, givenUp }: StuckMail): Finding[] {
  return [
    ...(waiting > 0
      ? [warn(`mails overdue by 5 minutes or more: ${waiting}`, 'is the server running? It sends them')]
      : []),
    ...(givenUp > 0
      ? [
          warn(
            `mails given up in the last week: ${givenUp}`,
            'see "mail given up" in the log; their people can ask for a new code',
          ),
        ]
      : []),
  ]
}
