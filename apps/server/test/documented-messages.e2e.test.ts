import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { undocumented } from './documented-messages.ts'
import { openTestSocket } from './test-socket.ts'

/** Says to whoever connects what no document of ours knows. */
let liar: WebSocketServer
let address: string
beforeAll(async () => {
  liar = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  liar.on('connection', (socket) => socket.send(JSON.stringify({ type: 'surprise' })))
  await new Promise((done) => liar.once('listening', done))
  address = `ws://127.0.0.1:${(liar.address() as AddressInfo).port}`
})
afterAll(() => new Promise((done) => liar.close(done)))

describe('what a test socket hears', () => {
  it('[DO6] an undocumented message fails whatever is asked of the socket next, and its close', async () => {
    const socket = await openTestSocket(`${address}/ws/driver/location/`)
    await expect(socket.next()).rejects.toThrow('not documented at /ws/driver/location/: {"type":"surprise"}')
    expect(() => socket.close()).toThrow('not documented')
  })

  it('[DO6] a field too many is undocumented on either wire, and so is a socket that is not ours', () => {
    const fault = (path: string, message: object) => undocumented(`${address}${path}`, message)
    expect(fault('/ws/trips/driver', { type: 'ping' })).toBeUndefined()
    expect(fault('/ws/trips/driver', { type: 'ping', at: 1 })).toContain('not documented')
    expect(fault('/v1/live?ticket=x', { t: 'drain', afterMs: 1 })).toBeUndefined()
    expect(fault('/v1/live', { t: 'drain', afterMs: 1, at: 1 })).toContain('not documented')
    expect(fault('/ws/elsewhere/', { type: 'ping' })).toContain('no socket is documented')
  })
})
