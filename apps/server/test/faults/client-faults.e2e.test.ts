import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { AccountId } from '../../src/kernel/index.ts'
import { startLiveServer, type LiveServer } from '../live-server.ts'
import { until } from '../races/observer.ts'
import { openTestSocket, type TestSocket } from '../test-socket.ts'
import { checkHistories } from './acceptance/check.ts'
import { openPhone, type Phone } from './acceptance/phone.ts'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'

const MASS = Number(process.env['MASS_CLIENTS'] ?? 200)
const FLAPS = 15

describe('clients', { timeout: 60_000 }, () => {
  let server: LiveServer
  let proxy: FaultProxy
  const phones: Phone[] = []
  const sockets: TestSocket[] = []
  beforeAll(async () => {
    server = await startLiveServer()
    proxy = await startFaultProxy({ upstream: { port: Number(new URL(server.address).port) } })
  })
  afterEach(() => {
    proxy.heal()
    for (const phone of phones.splice(0)) phone.close()
    for (const socket of sockets.splice(0)) socket.close()
  })
  afterAll(async () => {
    await proxy.close()
    await server.close()
  })

  async function newPhone(): Promise<Phone> {
    const id = await server.addCustomer()
    const phone = await openPhone(
      { id, role: 'customer', token: await server.signIn(id) },
      {
        ...{ baseUrl: `http://127.0.0.1:${proxy.port}`, random: Math.random, beginsWithSnapshot: false },
        WebSocket,
      },
    )
    phones.push(phone)
    return phone
  }
  async function connect(token: string, device: string): Promise<TestSocket> {
    const socket = await openTestSocket(`ws://127.0.0.1:${proxy.port}/v1/live`, token)
    sockets.push(socket)
    socket.send({ t: 'hello', v: 1, device })
    await socket.find({ t: 'welcome' })
    return socket
  }
  /** Something that everybody of them is told. */
  const tell = (accounts: readonly AccountId[]) =>
    server.db.transaction((tx) =>
      server.platform.news.append(
        tx,
        accounts.map((accountId) => ({ accountId, kind: 'profile.changed', data: {} })),
      ),
    )

  it('[FT40] flapping: whoever is cut off again and again hears everything once', async () => {
    const phone = await newPhone()
    for (let n = 0; n < FLAPS; n++) {
      await tell([phone.id])
      proxy.cut()
      await tell([phone.id])
      await pause(Math.random() * 150)
    }
    await until(() => Promise.resolve(phone.position() === 2 * FLAPS), 20_000)
    expect(await checkHistories(server.db, [phone])).toEqual([])
  })

  it('[FT41] half-open: a device that comes back from another address takes the place of its own dead socket', async () => {
    const id = await server.addCustomer()
    const token = await server.signIn(id)
    const dead = await connect(token, 'a-phone')
    const [line] = proxy.lines()
    line!.freeze()
    const living = await connect(token, 'a-phone')
    await tell([id])
    await living.find({ t: 'evt', seq: 1 })
    line!.thaw()
    expect(await dead.closed()).toBe(4505)
    expect(living.isOpen()).toBe(true)
  })

  it('[FT42] a slow reader is cut off before he costs memory, and gets everything when he reads', async () => {
    const reader = await newPhone()
    const neighbour = await newPhone()
    for (const line of proxy.lines().slice(0, 1)) line.freeze()
    const big = { accountId: reader.id, kind: 'driver.approved', data: { by: 'x'.repeat(4_000) } }
    const before = process.memoryUsage().rss
    for (let n = 0; n < 20; n++) {
      await server.db.transaction((tx) =>
        server.platform.news.append(
          tx,
          Array.from({ length: 100 }, () => big),
        ),
      )
    }
    await tell([neighbour.id])
    await until(() => Promise.resolve(neighbour.position() === 1))
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024)
    proxy.heal()
    await until(() => Promise.resolve(reader.position() === 2_000), 20_000)
    expect(await checkHistories(server.db, [reader])).toEqual([])
  })

  it(`[FT43] all are cut off at once: ${MASS} come back in their own time, each with what was missed, by a handful of statements`, async () => {
    const all: Phone[] = []
    for (let n = 0; n < MASS; n += 50)
      all.push(...(await Promise.all(Array.from({ length: Math.min(50, MASS - n) }, newPhone))))
    const before = server.db.statementCount()
    const start = performance.now()
    const back: number[] = []
    for (const phone of all) {
      const stop = phone.toota.live.on('connection', ({ state }) => {
        if (state !== 'open') return
        back.push(performance.now() - start)
        stop()
      })
    }
    await proxy.down()
    await tell(all.map(({ id }) => id))
    await proxy.up()
    await until(() => Promise.resolve(all.every((phone) => phone.position() === 1)), 40_000)
    const statements = (server.db.statementCount() - before) / MASS
    const p99 = back.sort((a, b) => a - b)[Math.ceil(back.length * 0.99) - 1]!
    console.log(JSON.stringify({ clients: MASS, p99Ms: Math.round(p99), statementsEach: statements }))
    expect(p99).toBeLessThan(15_000)
    expect(statements).toBeLessThan(20)
    expect(await checkHistories(server.db, all)).toEqual([])
  })
})
