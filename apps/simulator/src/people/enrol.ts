import { createToota, type Identity, type Toota } from '@toota/sdk'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'

const MAIL_PATIENCE_MS = 15_000
/** People do not give up because a server restarts. */
const PATIENCE = { attempts: 20, withinMs: 60_000 }

/** The server keeps no outbox to read the codes from. */
export class NoOutbox extends Error {
  override readonly name = 'NoOutbox'
  constructor(baseUrl: string) {
    super(
      `${baseUrl}/dev/mail is not there. The demo reads its e-mail codes from it, so it needs a server started with DEBUG=true and without EMAIL_HOST.`,
    )
  }
}

/** Signs up and in, with the code from the outbox. */
export async function enrol(
  baseUrl: string,
  role: 'customer' | 'driver',
  { email, password }: { readonly email: string; readonly password: string },
): Promise<{ readonly toota: Toota; readonly identity: Identity }> {
  const toota = createToota({ baseUrl, WebSocket, patience: PATIENCE })
  await toota.account.signUp({ role, email, password })
  const code = await fetchCode(baseUrl, email)
  return { toota, identity: await toota.account.verify({ role, email, code, password }) }
}

async function fetchCode(baseUrl: string, email: string): Promise<string> {
  const giveUpAt = performance.now() + MAIL_PATIENCE_MS
  while (performance.now() < giveUpAt) {
    const response = await fetch(`${baseUrl}/dev/mail?to=${encodeURIComponent(email)}`, {
      headers: { accept: 'application/json' },
    })
    if (response.status !== 200) throw new NoOutbox(baseUrl)
    const { mails } = (await response.json()) as { mails: { to: string; body: string | null }[] }
    const mail = mails.find(({ to }) => to === email)
    const code = /verification is: (\d{4})\b/.exec(mail?.body ?? '')?.[1]
    if (code !== undefined) return code
    await pause(100)
  }
  throw new Error(`No code for ${email} came within ${MAIL_PATIENCE_MS / 1000} s`)
}
