import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { startLiveServer } from '../../../test/live-server.ts'

it('[OP15] a client that never answers the close does not hold the stop', { timeout: 20_000 }, async () => {
  const server = await startLiveServer()
  const token = await server.signIn(await server.addCustomer())
  const { port } = new URL(server.address)
  const deaf = connect(Number(port), '127.0.0.1')
  deaf.on('error', () => undefined)
  deaf.write(
    `GET /ws/trips/user/request/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  )
  await new Promise((heard) => deaf.once('data', heard))
  deaf.pause()

  const closed = server.close().then(() => 'closed')
  const readiness = await fetch(`${server.address}/readyz`)
  expect([readiness.status, await readiness.json()]).toEqual([
    503,
    { status: 'not ready', reason: 'draining' },
  ])
  expect(await closed).toBe('closed')
  deaf.destroy()
})
