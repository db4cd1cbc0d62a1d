import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accept, addPair, report, reports, watches } from './kit/desk.ts'
import { joinUser } from './kit/people.ts'
import { startServer, type Server } from './kit/server.ts'

let server: Server
beforeAll(async () => (server = await startServer()))
afterAll(() => server.stop())

/** A trip that was taken, with the driver reporting and the passenger watching. */
async function underway() {
  const trip = await accept(server, await addPair(server))
  const [driver, user] = await Promise.all([reports(server, trip), watches(server, trip)])
  return { ...trip, says: (trip_status: unknown) => driver.send({ trip_status }), hears: driver, sees: user }
}

describe.concurrent('§3.7 and §3.8 trip status', () => {
  it('[CT6] Decided: a status socket says where the trip stands on connect', async () => {
    const trip = await accept(server, await addPair(server))
    const word = { trip_id: trip.tripId, trip_status: 'accepted' }
    for (const path of [
      `/ws/trips/driver/status/update/${trip.tripId}/`,
      `/ws/trips/driver/status/${trip.tripId}/`,
    ])
      expect(await (await server.socket(path, trip.driver.access)).next()).toEqual(word)
    const user = await server.socket(`/ws/trips/user/status/${trip.tripId}/`, trip.user.access)
    expect(await user.next()).toEqual(word)
  })

  it('[CT6] §3.7 arrived at pickup with cash due: both are told about the money, and no status message', async () => {
    const { says, hears, sees, tripId } = await underway()
    says('arrived at pickup')
    expect(await hears.next()).toEqual({
      payment_status: 'arrived at pickup',
      trip_id: tripId,
      message: 'You must collect payment from user before pickup',
    })
    expect(await sees.next()).toEqual({
      payment_status: 'arrived at pickup',
      trip_id: tripId,
      message: 'You must make payment before trip starts',
    })
    expect(await sees.drained()).toEqual([])
  })

  it('[CT6] §3.7 arrived at pickup with nothing owed is a status like others', async () => {
    const { says, hears, sees, tripId } = await underway()
    hears.send({ payment_status: 'received' })
    await hears.find({ payment_status: 'received' })
    await sees.find({ payment_status: 'received' })
    says('arrived at pickup')
    const word = { trip_id: tripId, trip_status: 'arrived at pickup' }
    expect(await hears.next()).toEqual(word)
    expect(await sees.next()).toEqual(word)
  })

  it('[CT6] §3.7 every step is echoed to the driver and shown to the passenger', async () => {
    const { says, hears, sees, tripId } = await underway()
    await report(hears, 'on the way', 'arrived at pickup')
    await sees.find({ payment_status: 'arrived at pickup' })
    for (const trip_status of ['picked up', 'in_progress', 'arrived at destination', 'completed']) {
      says(trip_status)
      expect(await hears.find({ trip_status })).toEqual({ trip_id: tripId, trip_status })
      expect(await sees.find({ trip_status })).toEqual({ trip_id: tripId, trip_status })
    }
  })

  it('[CT6] §3.7 at the other address, and cancelled', async () => {
    const { tripId, driver, sees, request } = await underway()
    const other = await server.socket(`/ws/trips/driver/status/${tripId}/`, driver.access)
    await other.next()
    other.send({ trip_status: 'cancelled' })
    const word = { trip_id: tripId, trip_status: 'cancelled' }
    expect(await other.next()).toEqual(word)
    expect(await sees.next()).toEqual(word)
    expect(await request.next()).toMatchObject({ trip_id: tripId, status: 'cancelled' })
  })

  it('[CT6] §3.7 unknown words, no word and finished trips are errors, the socket stays', async () => {
    const { says, hears, sees } = await underway()
    for (const word of ['flying', 'x'.repeat(26), undefined, 7, null, {}]) {
      says(word)
      expect(await hears.next(), JSON.stringify(word)).toEqual({
        error: expect.stringMatching(/./) as string,
      })
    }
    await report(hears, 'arrived at pickup', 'picked up', 'completed')
    for (const word of ['cancelled', 'in_progress']) {
      says(word)
      expect(await hears.next()).toEqual({ error: `Cannot change status from completed to ${word}` })
    }
    await sees.find({ trip_status: 'completed' })
    expect(await sees.drained()).toEqual([])
  })

  it('[CT6] Decided: forward only; the same word again is echoed and changes nothing', async () => {
    const { says, hears, sees, tripId } = await underway()
    says('completed')
    expect(await hears.next()).toEqual({ error: 'Cannot change status from accepted to completed' })
    says('picked up')
    expect(await hears.next()).toEqual({ error: 'Cannot change status from accepted to picked up' })
    await report(hears, 'arrived at pickup', 'in_progress')
    await sees.find({ trip_status: 'in_progress' })
    says('in_progress')
    expect(await hears.find({ trip_status: 'in_progress' })).toEqual({
      trip_id: tripId,
      trip_status: 'in_progress',
    })
    says('picked up')
    expect(await hears.next()).toEqual({ error: 'Cannot change status from in_progress to picked up' })
    says('cancelled')
    expect(await hears.next()).toEqual({ error: 'Cannot change status from in_progress to cancelled' })
    expect(await sees.drained()).toEqual([])
  })

  it('[CT6] §3.8 own trips only: 403 for another passenger', async () => {
    const { tripId } = await underway()
    const stranger = await joinUser(server)
    expect(await server.handshake(`/ws/trips/user/status/${tripId}/`, stranger.access)).toBe(403)
  })

  it('[CT6] Decided: the passenger may cancel until picked up, and the driver is told', async () => {
    const first = await underway()
    first.says('arrived at pickup')
    await first.hears.find({ payment_status: 'arrived at pickup' })
    first.request.send({ action: 'cancel_trip', trip_id: first.tripId })
    expect(await first.hears.find({ trip_status: 'cancelled' })).toEqual({
      trip_id: first.tripId,
      trip_status: 'cancelled',
    })
    expect(await first.response.find({ type: 'trip_cancelled' })).toEqual({
      type: 'trip_cancelled',
      user_id: first.user.id,
      trip_id: first.tripId,
      status: 'cancelled',
    })
    const second = await underway()
    await report(second.hears, 'arrived at pickup', 'in_progress')
    second.request.send({ action: 'cancel_trip', trip_id: second.tripId })
    expect(await second.request.next()).toEqual({ error: expect.stringMatching(/./) as string })
    expect((await server.get(`/trips/${second.tripId}/status/`, second.user.access)).body).toEqual({
      trip_status: 'in_progress',
    })
  })
})
