import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.ts'
import { createMailOutbox } from '../mail-table.ts'
import { registerDevMail } from './dev-mail.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

describe('/dev/mail', () => {
  it('[ML12] shows the text of a mail and names its file; its HTML is not there in any form', async () => {
    await database.db.transaction((tx) =>
      createMailOutbox().enqueue(tx, {
        to: 'thandi@example.org',
        subject: 'Your receipt',
        body: 'the <b>text</b>',
        html: '<p>the page<script>alert(1)</script></p>',
        attachment: {
          name: '<i>ZA-000001</i>.pdf',
          contentType: 'application/pdf',
          content: Buffer.from('%PDF-'),
        },
      }),
    )
    const server = fastify()
    registerDevMail(server, database.db)
    const page = (await server.inject('/dev/mail')).body
    expect(page).toContain('the &lt;b&gt;text&lt;/b&gt;')
    expect(page).toContain('with &lt;i&gt;ZA-000001&lt;/i&gt;.pdf')
    expect(page).not.toMatch(/the page|script/)
    const json = await server.inject({ url: '/dev/mail', headers: { accept: 'application/json' } })
    expect(json.json()).toMatchObject({
      mails: [{ body: 'the <b>text</b>', attachment: '<i>ZA-000001</i>.pdf' }],
    })
    expect(json.body).not.toMatch(/the page|%PDF/)
    await server.close()
  })
})
