import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPair } from '../../../test/desk.ts'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import { newId, type SessionId } from '../../kernel/index.ts'

let server: LiveServer
beforeAll(async () => (server = await startLiveServer()))
afterAll(async () => {
  await server.close()
  expect(server.errors).toEqual([])
})

const SUCCESS = { type: 'authentication_response', status: 'success' }
const FAILURE = {
  type: 'authentication_response',
  status: 'error',
  message: expect.any(String) as string,
}

describe('an authentication message', () => {
  it('[CW83] with the own token succeeds on every socket, and is no message of that socket', async () => {
    const { driver, driverToken, customerToken } = await addPair(server)
    for (const [path, token] of [
      ['/ws/driver/location/', driverToken],
      [`/ws/trips/driver/response/${driver}/`, driverToken],
      [`/ws/trips/user/request/${driver}/`, customerToken],
      [`/ws/user/driver/${driver}/location/`, customerToken],
    ] as const) {
      const socket = await server.connect(path, token)
      socket.send({ type: 'authentication', token, latitude: -26, longitude: 28 })
      expect(await socket.find({ type: 'authentication_response' })).toEqual(SUCCESS)
      expect(await socket.drained()).toEqual([])
    }
    expect(server.platform.positions.lastFix(driver)).toBeUndefined()
  })

  it('[CW83] with anything else is an error, and the socket goes on as who it was', async () => {
    const { customer, customerToken, driverToken } = await addPair(server)
    const session = { accountId: customer, sessionId: newId<SessionId>() }
    const refresh = await server.platform.tokens.issue('refresh', session, new Date())
    const expired = await server.platform.tokens.issue('access', session, new Date(0))
    const ended = await server.signIn(customer)
    const { sid } = JSON.parse(Buffer.from(ended.split('.')[1] ?? '', 'base64url').toString()) as {
      sid: string
    }
    await sql`delete from session where id = ${sid}`.execute(server.db.single)
    const socket = await server.connect('/ws/trips/user/request/', customerToken)
    for (const token of [driverToken, refresh, expired, ended, 'x', 'x y', '', null, {}, undefined, 5]) {
      socket.send({ type: 'authentication', token })
      expect(await socket.next(), JSON.stringify(token)).toEqual(FAILURE)
    }
    socket.send({ action: 'fly' })
    expect(await socket.next()).toEqual({ error: 'Unknown action: fly' })
  })

  it('[CW83] opens no socket that the handshake has refused', async () => {
    await expect(server.connect('/ws/trips/user/request/')).rejects.toThrow('HTTP 403')
  })
})
