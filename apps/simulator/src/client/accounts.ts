import { setTimeout as pause } from 'node:timers/promises'
import { readMessages, readText } from './reading.ts'
import { callOk, type Rest } from './rest.ts'

export type Role = 'user' | 'driver'
export type Session = { readonly accountId: string; readonly accessToken: string }

const MAIL_PATIENCE_MS = 15_000

/** The server keeps no outbox to read the codes from. */
export class NoOutbox extends Error {
  constructor(baseUrl: string) {
    super(
      `${baseUrl}/dev/mail is not there. The demo reads its e-mail codes from it, so it needs a server started with DEBUG=true and without EMAIL_HOST.`,
    )
    this.name = 'NoOutbox'
  }
}

/** Signs up, verifies the address with the code from the outbox, and logs in. */
export async function enrol(rest: Rest, role: Role, email: string, password: string): Promise<Session> {
  await callOk(rest, 'POST', `/auth/signup/${role}/`, { json: { email, password } })
  const otp = await fetchCode(rest, email)
  await callOk(rest, 'POST', '/auth/verify-email/', { json: { email, otp } })
  const tokens = await callOk(rest, 'POST', `/auth/login/${role}/`, {
    json: { email, password },
    isRepeatable: true,
  })
  const accessToken = readText(tokens, 'access')
  if (accessToken === undefined) throw new Error(`The login of a ${role} brought no access token`)
  return { accountId: accountIdOf(accessToken), accessToken }
}

async function fetchCode(rest: Rest, email: string): Promise<string> {
  const giveUpAt = performance.now() + MAIL_PATIENCE_MS
  while (performance.now() < giveUpAt) {
    const answer = await rest.call('GET', `/dev/mail?to=${encodeURIComponent(email)}`, { isRepeatable: true })
    if (answer.status !== 200 || !Array.isArray(answer.body['mails'])) throw new NoOutbox(rest.baseUrl)
    const mail = readMessages(answer.body, 'mails').find((each) => readText(each, 'to') === email)
    const code = /verification is: (\d{4})\b/.exec(
      mail === undefined ? '' : (readText(mail, 'body') ?? ''),
    )?.[1]
    if (code !== undefined) return code
    await pause(100)
  }
  throw new Error(`No code for ${email} came within ${MAIL_PATIENCE_MS / 1000} s`)
}

/** The account's id stands in the token; classic clients decode it the same way. */
function accountIdOf(accessToken: string): string {
  const claims: unknown = JSON.parse(
    Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString('utf8'),
  )
  if (
    typeof claims === 'object' &&
    claims !== null &&
    'user_id' in claims &&
    typeof claims.user_id === 'string'
  ) {
    return claims.user_id
  }
  throw new Error('The access token names no user_id')
}
