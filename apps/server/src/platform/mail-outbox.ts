import type { Tx } from './database/index.ts'

export type Mail = {
  readonly to: string
  readonly subject: string
  /** Plain text: every mail has one. */
  readonly body: string
  /** The same in HTML, with all that it shows inside; whatever people wrote is escaped by now. */
  readonly html?: string
  readonly attachment?: Attachment
}

export type Attachment = {
  readonly name: string
  readonly contentType: 'application/pdf'
  readonly content: Buffer
}

/** Mail leaves after the commit of what it tells of, with retries, so an SMTP outage never loses a sign-up. */
export type MailOutbox = {
  enqueue(tx: Tx, mail: Mail): Promise<void>
}
