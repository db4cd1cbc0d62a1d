import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiClient } from '../../../test/api-client.ts'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import type { CustomerId, DriverId } from '../../kernel/index.ts'

const trip = {
  vehicleClass: 'bakkie',
  pickup: { address: '1 Commissioner Street', latitude: -26.2041, longitude: 28.0473 },
  destination: { address: '5 Rivonia Road', latitude: -26.1076, longitude: 28.0567 },
}

describe('trips on /v1', () => {
  let server: LiveServer
  let customer: { id: CustomerId; token: string }
  let driver: { id: DriverId; token: string }
  let call: ReturnType<typeof createApiClient>

  beforeAll(async () => {
    server = await startLiveServer()
    call = createApiClient(server)
    const customerId = await server.addCustomer()
    customer = { id: customerId, token: await server.signIn(customerId) }
    const driverId = await server.addDriver()
    driver = { id: driverId, token: await server.signIn(driverId) }
  })
  afterAll(() => server.close())

  it('[AP1] the whole trip works: price, cash, offer, accept, drive, deliver', async () => {
    const asked = await call('POST', '/trips', { token: customer.token, body: trip, key: 'a trip' })
    expect(asked).toMatchObject({ status: 201, body: { status: 'pending', version: 1 } })
    const id = asked.body['id'] as string
    expect(
      await call('POST', `/trips/${id}/payment`, {
        token: customer.token,
        body: { method: 'cash' },
        key: 'cash',
      }),
    ).toMatchObject({ status: 201, body: { method: 'cash', amount: asked.body['fare'] } })

    await call('PUT', '/me/position', {
      token: driver.token,
      body: { latitude: -26.2041, longitude: 28.0473 },
    })
    const found = await call('GET', '/drivers?latitude=-26.2&longitude=28.05', { token: customer.token })
    expect(found.body['drivers']).toMatchObject([{ id: driver.id }])

    const offer = await call('POST', `/trips/${id}/offers`, {
      token: customer.token,
      body: { driverId: driver.id },
      key: 'offer',
    })
    expect(offer).toMatchObject({ status: 201, body: { state: 'open', tripId: id } })
    const open = await call('GET', '/offers', { token: driver.token })
    expect(open.body).toMatchObject({
      offers: [{ id: offer.body['id'], trip: { id, customer: { name: 'Thandi Nkosi' } } }],
    })

    expect(
      await call('POST', `/offers/${offer.body['id'] as string}/acceptance`, { token: driver.token }),
    ).toMatchObject({
      status: 200,
      body: { status: 'accepted', driverId: driver.id },
    })
    expect(await call('GET', `/drivers/${driver.id}/position`, { token: customer.token })).toMatchObject({
      status: 200,
      body: { isOnline: true },
    })
    for (const status of ['arrived_pickup', 'loaded', 'in_transit', 'completed'])
      expect(
        await call('POST', `/trips/${id}/status`, { token: driver.token, body: { status } }),
      ).toMatchObject({
        status: 200,
        body: { status },
      })
    expect(await call('GET', `/trips/${id}`, { token: customer.token })).toMatchObject({
      body: { payment: { status: 'success' }, driver: { phone: null }, customer: { id: customer.id } },
    })
    expect(server.errors).toEqual([])
  })

  it('[AP2] the same key and body is the same answer to the byte, and one trip', async () => {
    const before = await countTrips()
    const [first, ...others] = await Promise.all(
      Array.from({ length: 8 }, () =>
        call('POST', '/trips', { token: customer.token, body: trip, key: 'twice' }),
      ),
    )
    const again = await call('POST', '/trips', { token: customer.token, body: trip, key: 'twice' })
    expect(again.status).toBe(201)
    for (const answer of [first!, ...others]) {
      if (answer.status === 409) expect(answer.body['code']).toBe('request-in-flight')
      else expect(answer).toMatchObject({ status: 201, text: again.text })
    }
    expect(await countTrips()).toBe(before + 1)
  })

  it('[AP2] another body under the same key is 422, another account has keys of its own, no key is 400', async () => {
    const { body } = await call('POST', '/trips', { token: customer.token, body: trip, key: 'mine' })
    const other = { ...trip, vehicleClass: 'truck-2t' }
    expect(await call('POST', '/trips', { token: customer.token, body: other, key: 'mine' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    })
    const stranger = await server.signIn(await server.addCustomer())
    const theirs = await call('POST', '/trips', { token: stranger, body: trip, key: 'mine' })
    expect(theirs.status).toBe(201)
    expect(theirs.body['id']).not.toBe(body['id'])
    for (const key of [undefined, ' ', 'x'.repeat(256)])
      expect(
        await call('POST', '/trips', {
          token: customer.token,
          body: trip,
          ...(key !== undefined && { key }),
        }),
      ).toMatchObject({ status: 400, body: { code: 'idempotency-key-missing' } })
  })

  it('[AP2] a refusal is kept too: the same key stays refused, a new one is looked at anew', async () => {
    const { body } = await call('POST', '/trips', { token: customer.token, body: trip, key: 'unpaid' })
    const path = `/trips/${body['id'] as string}/offers`
    const offer = { token: customer.token, body: { driverId: driver.id } }
    const refused = await call('POST', path, { ...offer, key: 'too early' })
    expect(refused).toMatchObject({ status: 409, body: { code: 'payment-missing' } })
    await call('POST', `/trips/${body['id'] as string}/payment`, {
      token: customer.token,
      body: { method: 'cash' },
      key: 'unpaid cash',
    })
    expect((await call('POST', path, { ...offer, key: 'too early' })).text).toBe(refused.text)
    const now = await call('POST', path, { ...offer, key: 'now' })
    expect(now.status).toBe(201)
    expect(
      await call('POST', `/offers/${now.body['id'] as string}/rejection`, { token: driver.token }),
    ).toMatchObject({
      status: 204,
    })
  })

  it('[AP3] the own history comes in pages without gaps or repeats, also while trips come in', async () => {
    const id = await server.addCustomer()
    const token = await server.signIn(id)
    for (let n = 0; n < 5; n++) await server.requestTrip(id)
    const seen: string[] = []
    let cursor: string | null = ''
    for (let page = 0; cursor !== null && page < 9; page++) {
      const { body } = await call('GET', `/trips?limit=2${cursor && `&cursor=${cursor}`}`, { token })
      seen.push(...(body['trips'] as { id: string }[]).map((each) => each.id))
      cursor = body['nextCursor'] as string | null
      if (page === 0) await server.requestTrip(id)
    }
    const { body } = await call('GET', '/trips', { token })
    const all = (body['trips'] as { id: string }[]).map((each) => each.id)
    expect(all).toHaveLength(6)
    expect(seen).toEqual(all.slice(1))
    expect((await call('GET', '/trips?status=completed', { token })).body).toEqual({
      trips: [],
      nextCursor: null,
    })
  })

  it('[AP3] a stranger sees neither my trips nor anything through my cursor', async () => {
    const stranger = await server.signIn(await server.addCustomer())
    const mine = await server.requestTrip(customer.id)
    expect((await call('GET', `/trips?cursor=${mine.id}`, { token: stranger })).body).toEqual({
      trips: [],
      nextCursor: null,
    })
    for (const [method, path] of [
      ['GET', `/trips/${mine.id}`],
      ['POST', `/trips/${mine.id}/cancellation`],
    ] as const)
      expect(
        await call(method, path, { token: stranger, ...(method === 'POST' && { body: {} }) }),
      ).toMatchObject({
        status: 404,
        body: { code: 'not-found' },
      })
  })

  it('[AP4] every error is a problem with its code, and nothing of the inside', async () => {
    const cases = [
      [await call('GET', '/trips'), 401, 'not-authenticated'],
      [await call('GET', '/offers', { token: customer.token }), 403, 'wrong-role'],
      [await call('GET', '/nothing', { token: customer.token }), 404, 'not-found'],
      [await call('DELETE', '/trips', { token: customer.token }), 405, 'method-not-allowed'],
      [await call('GET', '/trips/nonsense', { token: customer.token }), 400, 'invalid-request'],
      [await call('GET', '/trips?cursor=abc', { token: customer.token }), 400, 'invalid-request'],
      [
        await call('POST', '/password-resets', { body: { role: 'customer', email: 'a\0@b.co' } }),
        400,
        'invalid-request',
      ],
      [await call('GET', '/live', { token: customer.token }), 404, 'not-found'],
      [await call('POST', '/trips', { token: customer.token, body: '{', key: 'a' }), 400, 'invalid-request'],
      [
        await call('POST', '/trips', { token: customer.token, body: 'x'.repeat(70_000), key: 'a' }),
        413,
        'too-large',
      ],
    ] as const
    for (const [answer, status, code] of cases)
      expect(answer).toMatchObject({
        status,
        type: expect.stringContaining('application/problem+json') as string,
        body: { status, code, type: `/docs/#${code}`, requestId: expect.any(String) as string },
      })
    expect(cases[0][0].headers.get('www-authenticate')).toContain('Bearer')
  })

  it('[AP5] an unknown field is refused by name, server-owned and poisoned ones too', async () => {
    for (const field of ['fare', 'status', 'driverId', 'role', 'isApproved'])
      expect(
        await call('POST', '/trips', { token: customer.token, body: { ...trip, [field]: 1 }, key: 'b' }),
      ).toMatchObject({
        status: 400,
        body: { errors: [{ message: expect.stringContaining(field) as string }] },
      })
    const poisoned = `{"__proto__":{"role":"staff"},${JSON.stringify(trip).slice(1)}`
    expect(await call('POST', '/trips', { token: customer.token, body: poisoned, key: 'b' })).toMatchObject({
      status: 400,
    })
    expect(
      await call('POST', '/trips', {
        token: customer.token,
        body: { ...trip, pickup: { latitude: 200 } },
        key: 'b',
      }),
    ).toMatchObject({
      body: {
        errors: expect.arrayContaining([
          expect.objectContaining({ path: '/body/pickup/latitude' }),
        ]) as unknown,
      },
    })
  })

  const countTrips = async (): Promise<number> => {
    const { trips } = (await call('GET', '/trips?limit=100', { token: customer.token })).body
    return (trips as unknown[]).length
  }
})
