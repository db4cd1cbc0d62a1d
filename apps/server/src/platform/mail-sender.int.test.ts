import { pino } from 'pino'
import { PassThrough } from 'node:stream'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/test-database.ts'
import { createMailSender, retryAfter } from './mail-sender.ts'
import { claimDueMail, createMailOutbox, listMail, recordSent } from './mail-table.ts'
import type { SmtpSettings } from './smtp.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.db.single.deleteFrom('mail').execute()
})

const cleanUps: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

type Received = { readonly to: string[]; readonly text: string; readonly isSecure: boolean }

async function startSmtp(options: SMTPServerOptions = {}, port = 0) {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    onAuth: (_auth, _session, done) => done(null, { user: 'anybody' }),
    onData(stream, session, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
      stream.on('end', () => {
        received.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          text,
          isSecure: session.secure,
        })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()))
  // After the senders, whose open connections it would wait for.
  cleanUps.unshift(stop)
  const address = server.server.address()
  if (typeof address !== 'object' || !address) throw new Error('no address')
  return { received, port: address.port, stop }
}

function startSender(smtp: Partial<SmtpSettings> & { port: number }) {
  const lines: string[] = []
  const sink = new PassThrough()
  sink.on('data', (chunk: Buffer) => lines.push(chunk.toString()))
  const sender = createMailSender(
    { db: database.db, log: pino({ level: 'debug' }, sink) },
    { host: '127.0.0.1', security: 'none', login: undefined, from: 'toota@example.org', ...smtp },
    () => 0.5,
  )
  cleanUps.push(() => sender.close())
  return { ...sender, lines }
}

const outbox = createMailOutbox()
const write = (to = 'thandi@example.org', body = 'Your code is 0042') =>
  database.db.transaction((tx) => outbox.enqueue(tx, { to, subject: 'Your code', body }))
const row = () => database.db.single.selectFrom('mail').selectAll().executeTakeFirstOrThrow()
const makeDue = () =>
  database.db.single
    .updateTable('mail')
    .set({ due_at: new Date(0) })
    .execute()

describe('the mail outbox', () => {
  it('[ML1] a mail of a transaction that fails is never written', async () => {
    const failing = database.db.transaction(async (tx) => {
      await outbox.enqueue(tx, { to: 'a@example.org', subject: 's', body: 'b' })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await listMail(database.db, { to: undefined, limit: 10 })).toEqual([])
  })

  it('[ML8] without a sender mail stays, newest first, to be found by recipient in any case', async () => {
    await write('a@example.org', 'first')
    await write('B@example.org', 'second')
    const all = await listMail(database.db, { to: undefined, limit: 10 })
    expect(all.map(({ body }) => body)).toEqual(['second', 'first'])
    expect(await listMail(database.db, { to: 'b@EXAMPLE.org', limit: 10 })).toHaveLength(1)
  })
})

describe('the mail sender', () => {
  it('[ML2] [ML7] delivers what is due and empties it', async () => {
    const smtp = await startSmtp()
    const sender = startSender(smtp)
    await write()
    await sender.sendDueMail()
    expect(smtp.received).toMatchObject([{ to: ['thandi@example.org'] }])
    expect(smtp.received[0]?.text).toContain('Your code is 0042')
    expect(await row()).toMatchObject({ body: null, attempts: 1, given_up_at: null, last_error: null })
    expect((await row()).sent_at).not.toBeNull()
    await sender.sendDueMail()
    expect(smtp.received).toHaveLength(1)
  })

  it('[ML11] sends HTML and a file beside the text, and empties them with it', async () => {
    const smtp = await startSmtp()
    const sender = startSender(smtp)
    const content = Buffer.from([0x25, 0x50, 0x44, 0x46, 0, 255, 13, 10])
    await database.db.transaction((tx) =>
      outbox.enqueue(tx, {
        to: 'thandi@example.org',
        subject: 'Your receipt',
        body: 'the text',
        html: '<p>the page</p>',
        attachment: { name: 'ZA-000001.pdf', contentType: 'application/pdf', content },
      }),
    )
    await sender.sendDueMail()
    const [{ text }] = smtp.received as [Received]
    expect(text).toMatch(/Content-Type: multipart\/mixed/)
    expect(text).toMatch(/Content-Type: text\/plain[^]+the text/)
    expect(text).toMatch(/Content-Type: text\/html[^]+<p>the page<\/p>/)
    expect(text).toMatch(/Content-Type: application\/pdf; name=ZA-000001\.pdf/)
    expect(text).toMatch(/Content-Disposition: attachment; filename=ZA-000001\.pdf/)
    expect(text).toContain(content.toString('base64'))
    expect(await row()).toMatchObject({ body: null, html: null, attachment: null, attachment_name: null })
  })

  it('[ML11] a mail without them is plain text, and one that is tried again has them still', async () => {
    const { port, stop } = await startSmtp()
    await stop()
    const sender = startSender({ port })
    await database.db.transaction((tx) =>
      outbox.enqueue(tx, { to: 'a@example.org', subject: 's', body: 'b', html: '<p>the page</p>' }),
    )
    await sender.sendDueMail()
    const smtp = await startSmtp({}, port)
    await makeDue()
    await sender.sendDueMail()
    expect(smtp.received[0]?.text).toContain('<p>the page</p>')

    await write()
    await sender.sendDueMail()
    expect(smtp.received[1]?.text).not.toMatch(/multipart|text\/html/)
  })

  it('[ML3] an outage loses nothing: the mail is tried again later and arrives', async () => {
    const { port, stop } = await startSmtp()
    await stop()
    const sender = startSender({ port })
    await write()
    await sender.sendDueMail()
    const waiting = await row()
    expect(waiting).toMatchObject({ sent_at: null, given_up_at: null, attempts: 1, lease: null })
    const wait = waiting.due_at.getTime() - Date.now()
    expect(wait).toBeGreaterThan(5_000)
    expect(wait).toBeLessThan(12_500)

    const smtp = await startSmtp({}, port)
    await makeDue()
    await sender.sendDueMail()
    expect(smtp.received).toHaveLength(1)
  })

  it('[ML4] gives neither mail nor password to a server that refuses STARTTLS', async () => {
    let logins = 0
    const smtp = await startSmtp({
      hideSTARTTLS: true,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => {
        logins++
        done(null, { user: 'x' })
      },
    })
    const sender = startSender({ ...smtp, security: 'starttls', login: { user: 'u', password: 'p' } })
    await write()
    await sender.sendDueMail()
    expect(smtp.received).toEqual([])
    expect(logins).toBe(0)
    expect((await row()).sent_at).toBeNull()
  })

  it('[ML4] speaks TLS before anything else where the server offers it', async () => {
    const smtp = await startSmtp()
    const sender = startSender({ ...smtp, security: 'starttls', acceptsAnyCertificate: true })
    await write()
    await sender.sendDueMail()
    expect(smtp.received).toMatchObject([{ isSecure: true }])
  })

  it('[ML5] a sender that died between sending and recording is followed by another delivery', async () => {
    const smtp = await startSmtp()
    await write()
    const dead = '00000000-0000-4000-8000-000000000001'
    const [claimed] = await claimDueMail(database.db.single, { lease: dead, leaseSeconds: 0, limit: 10 })
    const sender = startSender(smtp)
    await sender.sendDueMail()
    expect(smtp.received).toHaveLength(1)
    expect(await row()).toMatchObject({ attempts: 2 })

    // The dead one wakes up late and may record nothing any more.
    const before = await row()
    await recordSent(database.db.single, claimed!.id, dead)
    expect(await row()).toEqual(before)
  })

  it('[ML6] waits double as long each time up to an hour, and gives up after the tenth', async () => {
    const waits = Array.from({ length: 10 }, (_, index) => retryAfter(index + 1, 0.5))
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 2560, undefined])
    expect(retryAfter(1, 0)).toBe(8)
    expect(retryAfter(1, 0.9999)).toBeCloseTo(12, 2)

    const { port, stop } = await startSmtp()
    await stop()
    const sender = startSender({ port })
    await write()
    for (let attempt = 1; attempt <= 11; attempt++) {
      await sender.sendDueMail()
      await makeDue()
    }
    const given = await row()
    expect(given).toMatchObject({ attempts: 10, sent_at: null })
    expect(given.given_up_at).not.toBeNull()
  })

  it('[ML9] many senders at once deliver each mail once', async () => {
    const smtp = await startSmtp()
    for (let n = 0; n < 25; n++) await write(`p${n}@example.org`)
    const senders = [startSender(smtp), startSender(smtp), startSender(smtp)]
    for (let round = 0; round < 4; round++) await Promise.all(senders.map((sender) => sender.sendDueMail()))
    expect(smtp.received.flatMap(({ to }) => to).sort()).toEqual(
      Array.from({ length: 25 }, (_, n) => `p${n}@example.org`).sort(),
    )
  })

  it('[ML10] logs a refused mail by its id, without recipient or text', async () => {
    const smtp = await startSmtp({
      onRcptTo: (address, _session, done) =>
        done(Object.assign(new Error(`no such user ${address.address}`), { responseCode: 550 })),
    })
    const sender = startSender(smtp)
    await write('canary@example.org', 'canary body 4711')
    await sender.sendDueMail()
    const { id, last_error } = await row()
    expect(sender.lines.join()).toContain(id)
    expect(sender.lines.join() + String(last_error)).not.toMatch(/canary|4711/)
    expect(last_error).toBe('EENVELOPE 550')
  })
})
