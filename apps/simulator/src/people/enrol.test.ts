import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { enrol, NoOutbox } from './enrol.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A server whose sign-up works and whose outbox answers with this status. */
async function serve(outboxStatus: number): Promise<string> {
  const server = createServer((request, response) => {
    const isOutbox = request.url?.startsWith('/dev/mail') === true
    response
      .writeHead(isOutbox ? outboxStatus : 202, { 'content-type': 'application/json' })
      .end(JSON.stringify({ next: 'read-mail' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('joining the city', () => {
  it('[SI10] says that it needs DEBUG when there is no outbox', async () => {
    const papers = { email: 'a@example.com', password: 'long-password' }
    const enrolment = enrol(await serve(404), 'customer', papers)
    await expect(enrolment).rejects.toThrow(NoOutbox)
    await expect(enrolment).rejects.toThrow('DEBUG=true')
  })
})
