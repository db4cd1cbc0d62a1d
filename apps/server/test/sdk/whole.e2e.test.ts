import { TootaError, type Toota, type TootaOptions } from '@toota/sdk'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startLiveServer, type LiveServer } from '../live-server.ts'
import { SANDTON } from '../people.ts'
import { TRIP } from './far-api.ts'
import { losingFetch } from './losing-fetch.ts'
import { codeFor, join, joinAsDriver, PASSWORD } from './people.ts'

describe('the SDK with a real server', () => {
  let server: LiveServer
  const leaving: Toota[] = []
  beforeAll(async () => {
    server = await startLiveServer()
  })
  afterAll(async () => {
    for (const toota of leaving) toota.live.close()
    await server.close()
  })

  const driverAtWork = async (options: Partial<TootaOptions> = {}) => {
    const toota = await joinAsDriver(server, options)
    leaving.push(toota)
    return toota
  }
  const idOf = (toota: Toota): string => toota.account.identity?.accountId ?? ''

  it(
    '[SK31] a trip from both sides: asked, offered, taken, watched, driven, paid',
    { timeout: 60_000 },
    async () => {
      const driver = await driverAtWork()
      const { toota: customer } = await join(server, 'customer')
      leaving.push(customer)
      await customer.live.connect()
      const profile = await customer.account.changeProfile({ firstName: 'Thandi', phone: '082 000 1234' })
      expect(profile).toMatchObject({ firstName: 'Thandi', phone: '+27820001234' })

      const trip = await customer.trips.request(TRIP)
      await customer.trips.payInCash(trip.id)
      const search = { ...SANDTON, vehicleClass: 'bakkie' } as const
      await vi.waitFor(async () => expect(await customer.trips.findDrivers(search)).toHaveLength(1))

      const opened = driver.live.next('offer.opened')
      await customer.trips.offer(trip.id, idOf(driver))
      const { data } = await opened
      const [offer] = await driver.driving.openOffers()
      expect(offer).toMatchObject({ id: data.offerId, trip: { id: trip.id, payment: { amount: trip.fare } } })
      const accepted = customer.live.next('trip.changed', (event) => event.data.status === 'accepted')
      expect(await driver.driving.accept(offer!)).toMatchObject({ status: 'accepted' })
      await accepted

      const seen = customer.live.next('position', ({ latitude }) => latitude === -26.2)
      customer.live.watch(trip.id)
      expect(driver.live.reportPosition({ latitude: -26.2, longitude: 28.05 })).toBe(true)
      expect(await seen).toMatchObject({ tripId: trip.id, driverId: idOf(driver) })
      expect(await customer.trips.locateDriver(idOf(driver))).toMatchObject({ isOnline: true })

      await driver.driving.reportStatus(trip.id, 'arrived_pickup')
      expect(await driver.driving.receiveCash(trip.id)).toMatchObject({ status: 'success' })
      const ended = customer.live.next('trip.changed', (event) => event.data.status === 'completed')
      for (const status of ['loaded', 'in_transit', 'arrived_dest', 'completed'] as const)
        await driver.driving.reportStatus(trip.id, status)
      await ended
      expect(await customer.trips.get(trip.id)).toMatchObject({ payment: { status: 'success' } })
      await expect(customer.trips.cancel(trip.id)).rejects.toMatchObject({ code: 'illegal-transition' })
      driver.live.close()
    },
  )

  it('[SK31] the history comes page by page', async () => {
    const { toota } = await join(server, 'customer')
    for (let n = 0; n < 5; n++) await toota.trips.request(TRIP)
    const seen: string[] = []
    for await (const { id } of toota.trips.history({ limit: 2 })) seen.push(id)
    expect(new Set(seen).size).toBe(5)
    expect(seen).toEqual((await toota.trips.list({ limit: 100 })).trips.map(({ id }) => id))
  })

  it('[SK31] a lost password, a changed one, and the other sessions', async () => {
    const { toota, email } = await join(server, 'customer')
    const credentials = { role: 'customer', email } as const
    await toota.account.requestReset(credentials)
    const code = await codeFor(server, email)
    await toota.account.resetPassword({ ...credentials, code, newPassword: 'nuwe bakkie 42' })
    await expect(toota.account.profile()).rejects.toMatchObject({ status: 401 })
    await expect(toota.account.signIn({ ...credentials, password: PASSWORD })).rejects.toMatchObject({
      code: 'invalid-credentials',
    })
    await toota.account.signIn({ ...credentials, password: 'nuwe bakkie 42' })
    await toota.account.changePassword({ oldPassword: 'nuwe bakkie 42', newPassword: PASSWORD })
    const sessions = await toota.account.sessions()
    expect(sessions.filter(({ isCurrent }) => isCurrent)).toHaveLength(1)
    await toota.account.signOut()
    await expect(toota.account.profile()).rejects.toThrow(TootaError)
  })

  it('[SK6] an answer that was lost after the server had the trip makes no second one', async () => {
    const losing = losingFetch()
    const { toota } = await join(server, 'customer', { fetch: losing.fetch, random: () => 0 })
    losing.loseNext('/v1/trips')
    const trip = await toota.trips.request(TRIP)
    expect(losing.lost()).toBe(1)
    expect((await toota.trips.list()).trips.map(({ id }) => id)).toEqual([trip.id])
  })

  it('[SK7] an acceptance whose answer was lost is a success', { timeout: 60_000 }, async () => {
    const losing = losingFetch()
    const driver = await driverAtWork({ fetch: losing.fetch, random: () => 0 })
    const { toota: customer } = await join(server, 'customer')
    const trip = await customer.trips.request(TRIP)
    await customer.trips.payInCash(trip.id)
    await vi.waitFor(() => customer.trips.offer(trip.id, idOf(driver)), { timeout: 5_000 })
    const [offer] = await driver.driving.openOffers()
    // Over the socket there would be nothing to lose here.
    driver.live.close()
    losing.loseNext('/acceptance')
    expect(await driver.driving.accept(offer!)).toMatchObject({ id: trip.id, status: 'accepted' })
    expect(losing.lost()).toBe(1)
    await customer.trips.cancel(trip.id)
  })

  it('[SK10, SK11] a refresh whose answer was lost keeps the person signed in', async () => {
    const losing = losingFetch()
    let nowMs = Date.now()
    const { toota } = await join(server, 'customer', {
      fetch: losing.fetch,
      random: () => 0,
      now: () => nowMs,
    })
    nowMs += 3_600_000
    losing.loseNext('/v1/sessions/refresh')
    expect(await toota.account.profile()).toMatchObject({ role: 'customer' })
    expect(losing.lost()).toBe(1)
    nowMs += 3_600_000
    expect(await toota.account.profile()).toMatchObject({ role: 'customer' })
  })
})
