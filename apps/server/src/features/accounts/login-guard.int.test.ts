import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createWorld, TEST_SETTINGS, type World } from '../../../test/world.ts'
import type { AccountId } from '../../kernel/index.ts'
import { createMemoryThrottle, type Throttle } from '../../platform/throttle.ts'
import { createAccount, logIn } from './index.ts'

const FAILURES = 4
/** Long enough for the hashes of an attack on a busy machine, short enough to wait for. */
const WINDOW_SECONDS = 5
const STRANGERS_FAILURES = 5 * FAILURES

let world: World
let throttle: Throttle
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
const failuresIn = (seconds: number) =>
  createMemoryThrottle({ ...TEST_SETTINGS.limits, loginFailures: { count: FAILURES, seconds } })

const PATIENCE = { timeout: 1000 * (WINDOW_SECONDS + 3), interval: 200 }
const PASSWORD = 'bakkie op pad'
const HOME = '198.51.100.7'
let count = 0
let email: string
let id: AccountId
beforeEach(async () => {
  throttle = failuresIn(900)
  email = `guarded.${++count}@example.org`
  id = await createAccount(world.platform, { role: 'customer', email, password: PASSWORD })
})

const enter = (clientAddress: string, password = PASSWORD, as = email) =>
  logIn({ ...world.platform, throttle }, { role: 'customer', email: as, password, clientAddress })
/** What a log-in comes to: `in`, or the code of its refusal. */
const outcome = (clientAddress: string, password = PASSWORD, as = email): Promise<string> =>
  enter(clientAddress, password, as).then(
    () => 'in',
    (error: unknown) => (error as { code: string }).code,
  )
const guess = (clientAddress: string, as = email) => outcome(clientAddress, 'not the password', as)

/** Strangers at seven addresses, each using up its own tries. */
function attack(as = email): Promise<string[]> {
  const tries = Array.from({ length: 7 * (FAILURES + 1) }, (_, index) => `203.0.113.${index % 7}`)
  return Promise.all(tries.map((address) => guess(address, as)))
}
const evaluated = (outcomes: readonly string[]) =>
  outcomes.filter((each) => each === 'invalid-credentials').length

describe('wrong passwords', () => {
  it('[AC60] are compared so often from one address, then even the right one is refused until the window ends', async () => {
    throttle = failuresIn(WINDOW_SECONDS)
    for (let tries = 0; tries < FAILURES; tries++) expect(await guess(HOME)).toBe('invalid-credentials')
    await expect(enter(HOME)).rejects.toMatchObject({
      code: 'too-many-requests',
      details: { limit: 'loginFailures', resetSeconds: expect.any(Number) as number },
    })
    expect(await outcome('198.51.100.8')).toBe('in')
    await expect.poll(() => outcome(HOME), PATIENCE).toBe('in')
  })

  it('[AC60] that come at once are no more than that', async () => {
    const outcomes = await Promise.all(Array.from({ length: 60 }, () => guess(HOME)))
    expect(evaluated(outcomes)).toBe(FAILURES)
    expect(new Set(outcomes)).toEqual(new Set(['invalid-credentials', 'too-many-requests']))
  })

  it('[AC61] are forgotten at that address by a success', async () => {
    for (let round = 0; round < 3; round++) {
      for (let tries = 1; tries < FAILURES; tries++) expect(await guess(HOME)).toBe('invalid-credentials')
      expect(await outcome(HOME)).toBe('in')
    }
  })

  it('[AC61] are only those: a success and an account that is not verified use up nothing', async () => {
    for (let times = 0; times < 2 * STRANGERS_FAILURES; times++)
      if ((await outcome(`192.0.2.${times}`)) !== 'in') expect.fail(`refused after ${times}`)
    await world.db.single.updateTable('account').set({ verified_at: null }).where('id', '=', id).execute()
    for (let times = 0; times < 2 * FAILURES; times++)
      expect(await outcome(HOME)).toBe('account-not-verified')
  })

  it('[AC62] from all addresses unknown to the account are so many together, and its owner enters at his own', async () => {
    expect(await outcome(HOME)).toBe('in')
    expect(evaluated(await attack())).toBe(STRANGERS_FAILURES)
    expect(await guess('203.0.113.99')).toBe('too-many-requests')
    for (let times = 0; times < 5; times++) expect(await outcome(HOME)).toBe('in')
    expect(await outcome('203.0.113.98')).toBe('too-many-requests')
  })

  it('[AC62] shut the owner out of other addresses only until the window ends, which no further try puts off', async () => {
    throttle = failuresIn(WINDOW_SECONDS)
    await attack()
    expect(await outcome(HOME)).toBe('too-many-requests')
    await expect.poll(() => outcome(HOME), PATIENCE).toBe('in')
  })

  it('[AC62] of a stranger who knows another account’s password open nothing for this one', async () => {
    const other = `other.${email}`
    await createAccount(world.platform, { role: 'customer', email: other, password: PASSWORD })
    expect(await outcome('203.0.113.200', PASSWORD, other)).toBe('in')
    await attack()
    expect(await guess('203.0.113.200')).toBe('too-many-requests')
  })

  it('[AC63] are answered alike for an e-mail that nobody has', async () => {
    expect((await attack(`nobody.${count}@example.org`)).sort()).toEqual((await attack()).sort())
  })

  it('[AC64] leave digests of addresses only, and those of the newest 50 log-ins', async () => {
    for (let times = 0; times < 60; times++) await enter(`192.0.2.${times}`)
    const rows = await world.db.single
      .selectFrom('known_address')
      .selectAll()
      .where('account_id', '=', id)
      .execute()
    expect(rows).toHaveLength(50)
    for (const { digest } of rows) expect(digest).toHaveLength(32)
    await attack()
    expect(await outcome('192.0.2.59')).toBe('in')
    expect(await outcome('192.0.2.0')).toBe('too-many-requests')
  })
})
