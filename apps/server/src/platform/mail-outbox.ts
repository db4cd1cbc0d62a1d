import type { Tx } from './database/index.ts'

export type Mail = { readonly to: string; readonly subject: string; readonly body: string }

/** Mail leaves after the commit of what it tells of, with retries, so an SMTP outage never loses a sign-up. */
export type MailOutbox = {
  enqueue(tx: Tx, mail: Mail): Promise<void>
}
