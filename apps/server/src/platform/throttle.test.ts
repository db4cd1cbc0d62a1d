import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { TEST_SETTINGS } from '../../test/world.ts'
import { addressKey } from './client-address.ts'
import type { Rate } from './throttle.ts'
import { createMemoryThrottle } from './throttle.ts'

/** What is in use, without garbage. */
function heapMegabytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed / 1_000_000
}

const throttleOf = (searches: Rate, options = {}) =>
  createMemoryThrottle({ ...TEST_SETTINGS.limits, searches }, options)

describe('a limit', () => {
  it('[TH1] allows so many in a window, says what is left, and begins anew when it ends, however many were refused', async () => {
    const throttle = throttleOf({ count: 2, seconds: 1 })
    const start = performance.now()
    expect(await throttle.take('searches', 'a')).toMatchObject({
      isAllowed: true,
      remaining: 1,
      resetSeconds: 1,
    })
    expect(await throttle.take('searches', 'a')).toMatchObject({ isAllowed: true, remaining: 0 })
    await expect
      .poll(async () => (await throttle.take('searches', 'a')).isAllowed, { interval: 20, timeout: 3_000 })
      .toBe(true)
    expect(performance.now() - start).toBeGreaterThan(950)
  })

  it('[TH1] counts each key and each limit by itself', async () => {
    const throttle = throttleOf({ count: 1, seconds: 60 })
    await throttle.take('searches', 'a')
    expect(await throttle.take('searches', 'b')).toMatchObject({ isAllowed: true })
    expect(await throttle.take('codes', 'a')).toMatchObject({ isAllowed: true, remaining: 999 })
    await expect(throttle.spend('searches', 'a')).rejects.toMatchObject({
      code: 'too-many-requests',
      details: { limit: 'searches', resetSeconds: 60 },
    })
  })

  it('[TH2] gives back what did not count, but never more than was taken', async () => {
    const throttle = throttleOf({ count: 2, seconds: 60 })
    await throttle.giveBack('searches', 'a')
    await throttle.take('searches', 'a')
    for (let times = 0; times < 3; times++) await throttle.giveBack('searches', 'a')
    expect(await throttle.take('searches', 'a')).toMatchObject({ remaining: 1 })
    await throttle.take('searches', 'a')
    await throttle.forget('searches', 'a')
    expect(await throttle.take('searches', 'a')).toMatchObject({ remaining: 1 })
  })

  it('[TH3] remembers no more keys than it may, the newest ones', async () => {
    const throttle = throttleOf({ count: 1, seconds: 60 }, { maxKeys: 3 })
    for (const key of ['a', 'b', 'c', 'd']) await throttle.take('searches', key)
    for (const key of ['b', 'c', 'd'])
      expect(await throttle.take('searches', key), key).toMatchObject({ isAllowed: false })
    expect(await throttle.take('searches', 'a')).toMatchObject({ isAllowed: true })
  })

  it('[TH3] takes little memory for 100,000 strangers', async () => {
    const throttle = throttleOf({ count: 5, seconds: 3_600 })
    const before = heapMegabytes()
    for (let stranger = 0; stranger < 100_000; stranger++) await throttle.take('searches', `${stranger}`)
    expect(heapMegabytes() - before).toBeLessThan(25)
    // It is in use to the end, or it would be garbage itself.
    expect(await throttle.take('searches', '99999')).toMatchObject({ remaining: 3 })
  })
})

describe('the address of a client', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:0:0:0:9', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['nonsense '.repeat(20), 'nonsense '.repeat(20).slice(0, 64)],
  ])('[TH4] %s is counted as %s: IPv4 whole, IPv6 by its /64', (ip, key) => {
    expect(addressKey(ip)).toBe(key)
  })
})
