import { sql } from 'kysely'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { finding, portOfSilence, useDoctor, type Env } from '../../test/doctor-findings.ts'
import { nobodyThere } from '../../test/far-server.ts'
import { createTestDatabase } from '../../test/test-database.ts'
import { createMailOutbox } from '../platform/mail-table.ts'

const { findings } = useDoctor()

describe('mail', () => {
  async function smtpEnv(password = 'right-password'): Promise<Env> {
    const server = new SMTPServer({
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      onAuth: (auth, _session, done) =>
        auth.password === 'right-password'
          ? done(null, { user: 'toota' })
          : done(new Error(`${auth.password ?? ''} is wrong`)),
    })
    server.on('error', () => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
    return {
      EMAIL_HOST: '127.0.0.1',
      EMAIL_PORT: String((server.server.address() as AddressInfo).port),
      EMAIL_USE_TLS: 'false',
      EMAIL_HOST_USER: 'toota@example.org',
      EMAIL_HOST_PASSWORD: password,
    }
  }

  it('[OP21] a login that works is ok, a refused one fails without its password', async () => {
    expect(await findings('mail', await smtpEnv())).toEqual([finding('ok', /lets us in/)])
    const refused = await findings('mail', await smtpEnv('wrong-password'))
    expect(refused).toEqual([finding('fail', /refuses the login \(EAUTH 535\)/, /EMAIL_HOST_PASSWORD/)])
    expect(JSON.stringify(refused)).not.toContain('wrong-password')
  })

  it('[OP21] a server without STARTTLS, a silent one and none at all fail', async () => {
    const withoutTls = { ...(await smtpEnv()), EMAIL_USE_TLS: 'true' }
    const silent = { ...withoutTls, EMAIL_PORT: String(await portOfSilence()) }
    const nobody = { ...withoutTls, EMAIL_PORT: new URL(await nobodyThere()).port }
    for (const env of [withoutTls, silent, nobody])
      expect(await findings('mail', env)).toEqual([finding('fail', /is not usable/, /EMAIL_HOST/)])
  })

  it('[OP21] mail overdue and given up is counted', async () => {
    const outbox = createMailOutbox()
    const own = await createTestDatabase()
    onTestFinished(() => own.drop())
    await own.db.transaction(async (tx) => {
      for (const to of ['a', 'b', 'c'])
        await outbox.enqueue(tx, { to: `${to}@example.org`, subject: to, body: to })
    })
    const env = { ...(await smtpEnv()), DATABASE_URL: own.url }
    expect(await findings('mail', env)).toEqual([finding('ok', /lets us in/)])
    await sql`update mail set due_at = due_at - interval '6 minutes' where subject <> 'c'`.execute(
      own.db.single,
    )
    await sql`update mail set given_up_at = clock_timestamp() where subject = 'c'`.execute(own.db.single)
    expect(await findings('mail', env)).toEqual([
      finding('ok', /lets us in/),
      finding('warn', /overdue.*: 2$/),
      finding('warn', /given up.*: 1$/),
    ])
  })

  it('[OP21] without a server the outbox is enough in DEBUG only', async () => {
    expect(await findings('mail')).toEqual([finding('ok', /outbox only/)])
    expect(await findings('mail', { DEBUG: 'false', SECRET_KEY: 'x1'.repeat(24) })).toEqual([
      finding('warn', /outbox only/, /EMAIL_HOST/),
    ])
  })
})
