import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiClient } from '../../../test/api-client.ts'
import { connectLive, forgetNewsBefore, framesUntil, nextFrame, tellOften } from '../../../test/live-peer.ts'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import { acceptOffer, advanceTrip, cancelTrip, type Trip } from '../trips/index.ts'

describe('where a client goes on', () => {
  let server: LiveServer
  let call: ReturnType<typeof createApiClient>
  beforeAll(async () => {
    server = await startLiveServer()
    call = createApiClient(server)
  })
  afterAll(() => server.close())

  /** A customer who has been told `count` things, and the numbering. */
  async function newCustomer(count: number) {
    const accountId = await server.addCustomer()
    const token = await server.signIn(accountId)
    await tellOften(server, accountId, count)
    const { welcome, socket } = await connectLive(server, token)
    socket.close()
    return { accountId, token, epoch: String(welcome['epoch']) }
  }

  const sync = async (token: string, place?: { epoch: string; seq: number }, waitSeconds = 0) => {
    const at = place ? `&epoch=${place.epoch}&seq=${place.seq}` : ''
    return call('GET', `/sync?waitSeconds=${waitSeconds}${at}`, { token })
  }

  it('[LV9] [LV21] everything after the place it names, or else a reset, over the socket and by /v1/sync alike', async () => {
    const { accountId, token, epoch } = await newCustomer(1_000)
    await forgetNewsBefore(server, accountId, 401)
    const cases: [{ epoch: string; seq: number }, string | number[]][] = [
      [{ epoch, seq: 1_000 }, []],
      [{ epoch, seq: 997 }, [998, 999, 1_000]],
      [{ epoch, seq: 500 }, Array.from({ length: 500 }, (_, n) => 501 + n)],
      [{ epoch, seq: 499 }, 'too-far'],
      [{ epoch, seq: 399 }, 'pruned'],
      [{ epoch, seq: 1_001 }, 'epoch'],
      [{ epoch: 'another', seq: 1_000 }, 'epoch'],
    ]
    for (const [place, expected] of cases) {
      const { socket, welcome } = await connectLive(server, token, { resume: place })
      const { body } = await sync(token, place)
      expect([welcome['recovered'], body['recovered']]).toEqual(Array(2).fill(typeof expected !== 'string'))
      expect(welcome).toMatchObject({ epoch, seq: 1_000 })
      expect(body).toMatchObject({ epoch, seq: 1_000 })
      if (typeof expected === 'string') {
        expect(await nextFrame(socket)).toEqual({ t: 'reset', reason: expected })
        const state = { trips: [], offers: [] }
        expect(await nextFrame(socket)).toEqual({ t: 'snapshot', epoch, seq: 1_000, state })
        expect(body).toMatchObject({ reset: expected, snapshot: state })
      } else {
        const frames = expected.length > 0 ? await framesUntil(socket, 1_000) : []
        expect(frames.map((frame) => frame['seq'])).toEqual(expected)
        expect(body['events']).toEqual(frames)
      }
      socket.close()
    }
  })

  it('[LV9] without a place it begins at the end of its stream', async () => {
    const { accountId, token, epoch } = await newCustomer(3)
    const { socket, welcome } = await connectLive(server, token)
    expect(welcome).toMatchObject({ epoch, seq: 3, recovered: true })
    await tellOften(server, accountId, 1)
    expect(await nextFrame(socket)).toMatchObject({ t: 'evt', seq: 4 })
    expect((await sync(token)).body).toEqual({ epoch, seq: 4, recovered: true, events: [] })
    for (const half of ['epoch=x', 'seq=1', 'seq=-1&epoch=x', 'waitSeconds=26'])
      expect((await call('GET', `/sync?${half}`, { token })).status).toBe(400)
  })

  it('[LV10] a snapshot shows what the calls show, to the customer and to his driver', async () => {
    const [customerId, driverId] = [await server.addCustomer(), await server.addDriver()]
    const [customer, driver] = [await server.signIn(customerId), await server.signIn(driverId)]
    const quote = await server.requestTrip(customerId)
    const trip = await server.requestTrip(customerId)
    await server.offer(customerId, trip.id, driverId)
    const lost = { resume: { epoch: 'another', seq: 0 } }
    const stateOf = async (token: string) => {
      const { socket } = await connectLive(server, token, lost)
      expect(await nextFrame(socket)).toMatchObject({ t: 'reset' })
      const snapshot = await nextFrame(socket, 'snapshot')
      socket.close()
      return snapshot['state']
    }
    const shown = async (token: string, path: string) => (await call('GET', path, { token })).body

    const trips = await Promise.all([trip, quote].map(({ id }) => shown(customer, `/trips/${id}`)))
    expect(await stateOf(customer)).toEqual({ trips, offers: [] })
    expect(await stateOf(driver)).toEqual({ trips: [], ...(await shown(driver, '/offers')) })

    const [offer] = (await shown(driver, '/offers'))['offers'] as [{ id: string }]
    await acceptOffer(server.platform, driverId, offer.id as never)
    await advanceTrip(server.platform, driverId, trip.id, 'en_route')
    expect(await stateOf(driver)).toEqual({
      trips: [await shown(driver, `/trips/${trip.id}`)],
      offers: [],
    })
  })

  it('[LV10] a change is either in the snapshot or told after it, whatever is committed meanwhile', async () => {
    const accountId = await server.addCustomer()
    const token = await server.signIn(accountId)
    const cancel = ({ id }: Trip) => cancelTrip(server.platform, id, { role: 'customer', accountId })
    const split = { before: 0, after: 0 }
    for (let round = 0; round < 6; round++) {
      const trips = await Promise.all(Array.from({ length: 8 }, () => server.requestTrip(accountId)))
      const busy = Promise.all(trips.map(cancel))
      const { socket } = await connectLive(server, token, { resume: { epoch: 'another', seq: 0 } })
      await nextFrame(socket, 'reset')
      const { seq, state } = await nextFrame(socket, 'snapshot')
      await busy
      const open = (state as { trips: { id: string }[] }).trips.map(({ id }) => id)
      const last = await server.platform.news.position(accountId)
      const later = last > Number(seq) ? await framesUntil(socket, last) : []
      const expected = Array.from({ length: last - Number(seq) }, (_, n) => Number(seq) + n + 1)
      expect(later.map((frame) => frame['seq'])).toEqual(expected)
      const told = later.flatMap(({ kind, data }) =>
        kind === 'trip.changed' ? [(data as { tripId: string }).tripId] : [],
      )
      expect([...open].sort()).toEqual([...told].sort())
      split.before += trips.length - open.length
      split.after += open.length
      socket.close()
    }
    // Else nothing was ever at the border.
    expect(Math.min(split.before, split.after)).toBeGreaterThan(0)
  })

  it('[LV11] an open connection asks again and gets the same', async () => {
    const { accountId, token, epoch } = await newCustomer(5)
    const { socket } = await connectLive(server, token, { resume: { epoch, seq: 5 } })
    socket.send({ t: 'resume', seq: 2 })
    expect((await framesUntil(socket, 5)).map((frame) => frame['seq'])).toEqual([3, 4, 5])
    socket.send({ t: 'resume', seq: 6 })
    expect(await nextFrame(socket)).toEqual({ t: 'reset', reason: 'epoch' })
    expect(await nextFrame(socket)).toMatchObject({ t: 'snapshot', seq: 5 })
    const told = tellOften(server, accountId, 20)
    socket.send({ t: 'resume', seq: 3 })
    await told
    const seqs = (await framesUntil(socket, 25)).map((frame) => frame['seq'])
    expect(new Set(seqs)).toEqual(new Set(Array.from({ length: 22 }, (_, n) => n + 4)))
    expect(seqs).toEqual([...seqs].sort((a, b) => Number(a) - Number(b)).slice(-seqs.length))
  })

  it('[LV22] waits for the next event, and no longer', async () => {
    const { accountId, token, epoch } = await newCustomer(2)
    const begun = performance.now()
    const waiting = sync(token, { epoch, seq: 2 }, 25)
    await expect.poll(() => server.platform.news.endOf(accountId)).toBe(2)
    await tellOften(server, accountId, 1)
    expect((await waiting).body).toMatchObject({ seq: 3, recovered: true, events: [{ seq: 3 }] })
    expect((await sync(token, { epoch, seq: 2 }, 25)).body).toMatchObject({ events: [{ seq: 3 }] })
    expect((await sync(token, { epoch, seq: 3 }, 1)).body).toMatchObject({ seq: 3, events: [] })
    expect(performance.now() - begun).toBeLessThan(20_000)
  })
})
