import { once } from 'node:events'
import { SMTPServer } from 'smtp-server'

export type Mail = {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
}
export type Sink = {
  readonly port: number
  /** The oldest mail to this address that was not taken yet; waits for one. */
  take(address: string): Promise<Mail>
  /** The code in it. */
  takeCode(address: string): Promise<string>
  /** How many mails to this address have come, taken or not. */
  count(address: string): number
  /** Turns mail to this address away for now; answers how to take it again. */
  refuse(address: string): () => void
  close(): Promise<void>
}

const PATIENCE_MS = 10_000

/** A mail server that keeps what it is given. */
export async function startSink(): Promise<Sink> {
  const waiting: Mail[] = []
  const counts = new Map<string, number>()
  const refused = new Set<string>()
  const smtp = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    hideSTARTTLS: true,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? '' }),
    onRcptTo: ({ address: to }, _session, done) =>
      refused.has(to.toLowerCase()) ? done(new Error('mailbox busy')) : done(),
    onData(stream, { envelope }, done) {
      let source = ''
      stream.on('data', (chunk: Buffer) => (source += chunk.toString('utf8')))
      stream.on('end', () => {
        for (const { address } of envelope.rcptTo) {
          const to = address.toLowerCase()
          waiting.push({ to, from: envelope.mailFrom ? envelope.mailFrom.address : '', ...read(source) })
          counts.set(to, (counts.get(to) ?? 0) + 1)
        }
        done()
      })
    },
  })
  smtp.on('error', () => undefined)
  const listening = smtp.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const address = listening.address()
  if (typeof address !== 'object' || !address) throw new Error('no address')

  const take = async (wanted: string): Promise<Mail> => {
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      const index = waiting.findIndex(({ to }) => to === wanted.toLowerCase())
      const [mail] = index < 0 ? [] : waiting.splice(index, 1)
      if (mail) return mail
      if (Date.now() > deadline) throw new Error(`no mail to ${wanted}`)
      await new Promise((done) => setTimeout(done, 20))
    }
  }
  return {
    port: address.port,
    take,
    async takeCode(wanted) {
      const { text } = await take(wanted)
      const code = /is: (\d+)/.exec(text)?.[1]
      if (code === undefined) throw new Error(`no code in: ${text}`)
      return code
    },
    count: (wanted) => counts.get(wanted.toLowerCase()) ?? 0,
    refuse(wanted) {
      refused.add(wanted.toLowerCase())
      return () => void refused.delete(wanted.toLowerCase())
    },
    close: () => new Promise((done) => smtp.close(() => done())),
  }
}

function read(source: string): { subject: string; text: string } {
  const end = source.indexOf('\r\n\r\n')
  const head = source.slice(0, end).replace(/\r\n[ \t]+/g, ' ')
  const isQuoted = /^content-transfer-encoding:\s*quoted-printable/im.test(head)
  const text = source.slice(end + 4)
  return {
    subject: /^subject:\s*(.*)$/im.exec(head)?.[1] ?? '',
    text: isQuoted
      ? text
          .replace(/=\r\n/g, '')
          .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)))
      : text,
  }
}
