import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../races/observer.ts'
import { startFaultControl } from './fault-control.ts'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'

type End = { socket: Socket; text: () => string; bytes: () => number; fate: () => string | undefined }

/** An end of a connection, and what becomes of it: `ended`, `reset` or nothing yet. */
function watch(socket: Socket): End {
  const heard: Buffer[] = []
  let fate: string | undefined
  socket.on('data', (data) => heard.push(data))
  socket.on('end', () => (fate ??= 'ended'))
  socket.on(
    'error',
    (error: NodeJS.ErrnoException) => (fate = error.code === 'ECONNRESET' ? 'reset' : error.code),
  )
  return {
    socket,
    text: () => Buffer.concat(heard).toString(),
    bytes: () => heard.reduce((sum, { length }) => sum + length, 0),
    fate: () => fate,
  }
}

describe('the fault proxy', () => {
  let far: { ends: End[]; port: number; close: () => void }
  let proxy: FaultProxy
  beforeEach(async () => {
    const ends: End[] = []
    const server = createServer({ allowHalfOpen: true }, (socket) => ends.push(watch(socket)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    far = { ends, port, close: () => server.close() }
    proxy = await startFaultProxy({ upstream: { port }, seed: 7 })
  })
  afterEach(async () => {
    await proxy.close()
    for (const { socket } of far.ends) socket.destroy()
    far.close()
  })

  /** Both ends of a new connection through the proxy. */
  async function open(through = proxy): Promise<{ near: End; away: End }> {
    const before = far.ends.length
    const near = watch(connect({ port: through.port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true }))
    await until(() => Promise.resolve(far.ends.length > before))
    return { near, away: far.ends.at(-1)! }
  }
  const hears = (end: End, text: string) => until(() => Promise.resolve(end.text() === text))
  const meets = (end: End, fate: string) => until(() => Promise.resolve(end.fate() === fate))
  const since = (start: number) => performance.now() - start

  it('[FT1] passes everything both ways, sliced or not, and each end by itself', async () => {
    proxy.add('upstream', { type: 'slicer', bytes: 3 })
    const { near, away } = await open()
    near.socket.write('from the phone')
    away.socket.write('from the server')
    await hears(away, 'from the phone')
    await hears(near, 'from the server')
    near.socket.end()
    await meets(away, 'ended')
    away.socket.end(' and a last word')
    await hears(near, 'from the server and a last word')
    await meets(near, 'ended')
    await until(() => Promise.resolve(proxy.lines().length === 0))
  })

  it('[FT2] latency with jitter delays each piece and keeps their order', async () => {
    proxy.add('upstream', { type: 'latency', ms: 40, jitterMs: 30 })
    const { near, away } = await open()
    const start = performance.now()
    for (const piece of ['a', 'b', 'c', 'd']) {
      near.socket.write(piece)
      await new Promise(setImmediate)
    }
    await hears(away, 'abcd')
    expect(since(start)).toBeGreaterThan(9)
    const again = await startFaultProxy({ upstream: { port: far.port }, seed: 7 })
    expect([again.random(), again.random()]).toEqual([proxy.random(), proxy.random()])
    await again.close()
  })

  it('[FT3] bandwidth lets so much through in a second, and the writer has to wait', async () => {
    proxy.add('upstream', { type: 'bandwidth', bytesPerSecond: 20_000 })
    const { near, away } = await open()
    const start = performance.now()
    near.socket.write(Buffer.alloc(6_000))
    await until(() => Promise.resolve(away.bytes() === 6_000))
    expect(since(start)).toBeGreaterThan(240)
    near.socket.write(Buffer.alloc(8_000_000))
    await until(() => Promise.resolve(away.bytes() > 8_000))
    expect(near.socket.writableLength).toBeGreaterThan(0)
  })

  it('[FT4] a black hole holds data and ends, and gives them back when it is over', async () => {
    const { near, away } = await open()
    const end = proxy.add('upstream', { type: 'timeout', ms: 0 })
    near.socket.end('late')
    away.socket.write('the other way is open')
    await hears(near, 'the other way is open')
    expect([away.text(), away.fate()]).toEqual(['', undefined])
    end()
    await hears(away, 'late')
    await meets(away, 'ended')
  })

  it('[FT4] [FT6] a frozen line tells nobody that the other end is gone, and its neighbour goes on', async () => {
    const [first, second] = [await open(), await open()]
    proxy.lines()[0]!.freeze()
    first.near.socket.resetAndDestroy()
    first.away.socket.write('are you there?')
    second.near.socket.write('me too')
    await hears(second.away, 'me too')
    expect(first.away.fate()).toBeUndefined()
    expect(proxy.lines()).toHaveLength(2)
    proxy.heal()
    await meets(first.away, 'reset')
  })

  it('[FT4] a timeout closes in the end', async () => {
    const { near } = await open()
    proxy.add('downstream', { type: 'timeout', ms: 20 })
    await meets(near, 'ended')
  })

  it('[FT5] limit_data cuts after exactly so many bytes', async () => {
    proxy.add('downstream', { type: 'limit_data', bytes: 10 })
    const { near, away } = await open()
    away.socket.write('123456')
    away.socket.write('789012')
    await meets(near, 'ended')
    await meets(away, 'reset')
    expect(near.text()).toBe('1234567890')
  })

  it('[FT5] cut_after cuts once the text has passed', async () => {
    proxy.add('upstream', { type: 'cut_after', text: 'commit' })
    const { near, away } = await open()
    near.socket.write('begin; ')
    await hears(away, 'begin; ')
    near.socket.write('commit; and more')
    await meets(near, 'reset')
    await meets(away, 'ended')
    expect(away.text()).toBe('begin; commit')
  })

  it('[FT5] [FT6] reset_peer, a cut and a reset line are an RST for both ends', async () => {
    const lines = [await open(), await open()]
    proxy.lines()[0]!.reset()
    await meets(lines[0]!.near, 'reset')
    await meets(lines[0]!.away, 'reset')
    expect(lines[1]!.near.fate()).toBeUndefined()
    proxy.cut()
    await meets(lines[1]!.near, 'reset')
    proxy.add('upstream', { type: 'reset_peer', ms: 10 })
    const { near, away } = await open()
    await meets(near, 'reset')
    await meets(away, 'reset')
  })

  it('[FT1] slow_close tells the end later', async () => {
    proxy.add('upstream', { type: 'slow_close', ms: 60 })
    const { near, away } = await open()
    const start = performance.now()
    near.socket.end('bye')
    await hears(away, 'bye')
    await meets(away, 'ended')
    expect(since(start)).toBeGreaterThan(50)
  })

  it('[FT5] an end that is reset resets the other', async () => {
    const { near, away } = await open()
    away.socket.resetAndDestroy()
    await meets(near, 'reset')
  })

  it('[FT7] down throws everybody out and takes nobody until it is up again', async () => {
    const { near } = await open()
    await proxy.down()
    await meets(near, 'reset')
    await meets(watch(connect({ port: proxy.port, host: '127.0.0.1' })), 'ECONNREFUSED')
    await proxy.up()
    const again = await open()
    again.near.socket.write('back')
    await hears(again.away, 'back')
  })

  it('[FT8] is controlled by HTTP', async () => {
    const control = await startFaultControl(new Map([['phone', proxy]]))
    const post = async (path: string, body?: unknown) => {
      const response = await fetch(control.url + path, { method: 'POST', body: JSON.stringify(body) })
      return { status: response.status, body: (await response.json()) as { id?: string; error?: string } }
    }
    const fault = { type: 'timeout', direction: 'upstream', ms: 0 }
    const { body } = await post('/phone/faults', fault)
    expect(await (await fetch(control.url)).json()).toEqual({
      phone: { port: proxy.port, lines: 0, faults: [fault] },
    })
    await fetch(`${control.url}/phone/faults/${body.id}`, { method: 'DELETE' })
    expect(proxy.faults()).toEqual([])
    const { near } = await open()
    expect((await post('/phone/cut')).status).toBe(200)
    await meets(near, 'reset')
    for (const [path, bad] of [
      ['/phone/faults', { type: 'latency', direction: 'sideways', ms: 1 }],
      ['/phone/faults', { ...fault, surplus: 1 }],
      ['/tablet/cut', undefined],
      ['/phone/explode', undefined],
    ] as const)
      expect(await post(path, bad)).toMatchObject({
        status: 400,
        body: { error: expect.any(String) as string },
      })
    await control.close()
  })
})
