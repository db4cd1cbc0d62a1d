import { createToota, TootaError, type Storage } from '@toota/sdk'
import { describe, expect, it } from 'vitest'
import type { FarRequest } from '../far-server.ts'
import { serveFar } from '../far-server.ts'
import { beforeFarApi, hangUp, json, newTokens, PERSON, problem } from './far-api.ts'

const page = { trips: [], nextCursor: null }
const refused = problem(401, 'not-authenticated')
const isRefresh = ({ url }: FarRequest): boolean => url === '/v1/sessions/refresh'
const bodyOf = ({ body }: FarRequest) => JSON.parse(body) as Record<string, string>

function shelf(): Storage & { readonly items: Map<string, string> } {
  const items = new Map<string, string>()
  return {
    items,
    getItem: (key) => Promise.resolve(items.get(key) ?? null),
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  }
}

describe('sessions of the SDK', () => {
  it('[SK10] renews a refused token once, for all calls together', async () => {
    const renewed = newTokens()
    const far = await serveFar((response, request) => {
      const { authorization } = request.headers
      if (request.url === '/v1/sessions') json(201, newTokens())(response, request)
      else if (isRefresh(request)) setTimeout(() => json(200, renewed)(response, request), 50)
      else if (authorization === `Bearer ${renewed.accessToken}`) json(200, page)(response, request)
      else refused(response, request)
    })
    const toota = createToota({ baseUrl: far.baseUrl })
    await toota.account.signIn(PERSON)
    await Promise.all(Array.from({ length: 10 }, () => toota.trips.list()))
    expect(far.requests.filter(isRefresh)).toHaveLength(1)
  })

  it('[SK10] renews before the token expires', async () => {
    let nowMs = Date.now()
    const { toota, calls } = await beforeFarApi(
      [json(200, page), json(200, newTokens(20 * 60_000)), json(200, page)],
      { now: () => nowMs },
    )
    await toota.trips.list()
    nowMs += 9 * 60_000 + 1_000
    await toota.trips.list()
    await toota.trips.list()
    expect(calls().map(({ url }) => url)).toEqual([
      '/v1/trips',
      '/v1/sessions/refresh',
      '/v1/trips',
      '/v1/trips',
    ])
  })

  it('[SK10] a token that is refused again after its renewal is an error, not a circle', async () => {
    const { toota, calls } = await beforeFarApi([refused, json(200, newTokens()), refused])
    await expect(toota.trips.list()).rejects.toMatchObject({ code: 'not-authenticated' })
    expect(calls()).toHaveLength(3)
  })

  it('[SK11] repeats a renewal whose answer was lost, with the same token and device', async () => {
    const { toota, calls } = await beforeFarApi([
      refused,
      hangUp,
      problem(503, 'busy', true),
      json(200, newTokens()),
      json(200, page),
    ])
    expect(await toota.trips.list()).toEqual(page)
    const renewals = calls().filter(isRefresh).map(bodyOf)
    expect(renewals).toHaveLength(3)
    expect(new Set(renewals.map((body) => `${body['refreshToken']} ${body['device']}`)).size).toBe(1)
    expect(renewals[0]?.['device']).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('[SK12] forgets a session that the server ended, and tells once', async () => {
    for (const code of ['refresh-reused', 'not-authenticated']) {
      const { toota, calls } = await beforeFarApi([refused, problem(401, code)])
      const reasons: string[] = []
      toota.account.onSignedOut((reason) => reasons.push(reason))
      const calling = Array.from({ length: 3 }, () => toota.trips.list())
      for (const result of await Promise.allSettled(calling))
        expect(result).toMatchObject({ status: 'rejected', reason: { status: 401 } })
      expect(reasons).toEqual([code])
      expect(toota.account.identity).toBeUndefined()
      const before = calls().length
      await expect(toota.trips.list()).rejects.toThrow(TootaError)
      expect(calls()).toHaveLength(before)
    }
  })

  it('[SK12] stays signed in while the server is away', async () => {
    const { toota } = await beforeFarApi([
      refused,
      ...Array.from({ length: 5 }, () => problem(503, 'unavailable', true)),
      refused,
      json(200, newTokens()),
      json(200, page),
    ])
    await expect(toota.trips.list()).rejects.toMatchObject({ code: 'unavailable' })
    expect(toota.account.identity).toMatchObject({ role: 'customer' })
    expect(await toota.trips.list()).toEqual(page)
  })

  it('[SK12] signing out forgets the session also when the server cannot be told', async () => {
    const { toota, calls } = await beforeFarApi([hangUp], { patience: { attempts: 1 } })
    const reasons: string[] = []
    toota.account.onSignedOut((reason) => reasons.push(reason))
    await expect(toota.account.signOut()).rejects.toMatchObject({ code: 'network' })
    expect(calls()).toMatchObject([{ method: 'DELETE', url: '/v1/sessions/current' }])
    expect(reasons).toEqual(['signed-out'])
  })

  it('[SK13] another start goes on with the session and the device that were kept', async () => {
    const storage = shelf()
    const { far, toota } = await beforeFarApi([json(200, page)], { storage })
    expect(await toota.account.restore()).toMatchObject({ role: 'customer' })
    const again = createToota({ baseUrl: far.baseUrl, storage })
    expect(again.account.identity).toBeUndefined()
    expect(await again.account.restore()).toEqual(toota.account.identity)
    expect(await again.trips.list()).toEqual(page)
    await again.account.signIn(PERSON)
    const devices = far.requests.filter(({ body }) => body !== '').map((each) => bodyOf(each)['device'])
    expect(devices).toHaveLength(2)
    expect(devices[0]).toBe(devices[1])
  })

  it('[SK13] takes over what another tab has renewed', async () => {
    const storage = shelf()
    const { far, toota, calls } = await beforeFarApi(
      [refused, json(200, newTokens()), json(200, page), refused, json(200, page)],
      { storage },
    )
    const other = createToota({ baseUrl: far.baseUrl, storage })
    await other.account.restore()
    await toota.trips.list()
    await other.trips.list()
    expect(calls().filter(isRefresh)).toHaveLength(1)
    expect(calls().at(-1)?.headers.authorization).toBe(calls()[2]?.headers.authorization)
  })

  it('[SK14] a clock that is a day ahead renews once, not with each call', async () => {
    const far = await serveFar((response, request) => {
      if (request.url === '/v1/sessions') json(201, newTokens())(response, request)
      else if (isRefresh(request)) json(200, newTokens())(response, request)
      else json(200, page)(response, request)
    })
    let nowMs = Date.now() + 86_400_000
    const toota = createToota({ baseUrl: far.baseUrl, now: () => nowMs })
    await toota.account.signIn(PERSON)
    for (let n = 0; n < 5; n++) await toota.trips.list()
    expect(far.requests.filter(isRefresh)).toHaveLength(0)
    nowMs += 61_000
    for (let n = 0; n < 5; n++) await toota.trips.list()
    expect(far.requests.filter(isRefresh)).toHaveLength(1)
  })
})
