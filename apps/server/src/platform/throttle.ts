import { RateLimiterMemory } from 'rate-limiter-flexible'
import { Refusal } from '../kernel/index.ts'

/** So many times in so many seconds. */
export type Rate = { readonly count: number; readonly seconds: number }
export type LimitName =
  'requests' | 'signUps' | 'logins' | 'loginFailures' | 'codes' | 'searches' | 'pictures' | 'frames'

/** `strangersLoginFailures`: wrong passwords for one account from all addresses its owner never used. */
export type Limit = LimitName | 'strangersLoginFailures'

/** How often somebody may do something, counted in windows that begin with the first time. */
export type Throttle = {
  /** Counts one more time. Over the limit nothing is allowed until the window ends, which no further try puts off. */
  take(limit: Limit, key: string): Promise<Standing>
  /** {@link Throttle.take}, for use cases. Refuses `too-many-requests`. */
  spend(limit: Limit, key: string): Promise<void>
  /** Uncounts a time that turned out not to matter. */
  giveBack(limit: Limit, key: string): Promise<void>
  /** Begins anew. */
  forget(limit: Limit, key: string): Promise<void>
}

export type Standing = {
  readonly isAllowed: boolean
  readonly limit: Limit
  readonly rate: Rate
  readonly remaining: number
  readonly resetSeconds: number
}

export const tooManyRequests = ({ limit, resetSeconds }: Standing): Refusal =>
  new Refusal('too-many-requests', { limit, resetSeconds })

/** An owner mistypes some times; strangers at many addresses get a few such owners' tries together. */
const STRANGERS_SHARE = 5
/** Keys per limit, some 10 MB. A stranger with more addresses than that ends windows early, older ones first. */
const MAX_KEYS = 20_000

/** Counts of one process, gone with it. */
export function createMemoryThrottle(
  rates: Readonly<Record<LimitName, Rate>>,
  { maxKeys = MAX_KEYS } = {},
): Throttle {
  const { count, seconds } = rates.loginFailures
  const all = { ...rates, strangersLoginFailures: { count: count * STRANGERS_SHARE, seconds } }
  const windows = new Map<Limit, ReturnType<typeof createWindows>>()
  for (const limit of Object.keys(all) as Limit[]) windows.set(limit, createWindows(all[limit], maxKeys))
  const windowsOf = (limit: Limit) => {
    const found = windows.get(limit)
    if (!found) throw new Error(`no limit is called ${limit}`)
    return found
  }

  const take = async (limit: Limit, key: string): Promise<Standing> => {
    const rate = all[limit]
    const { taken, endsInMs } = await windowsOf(limit).take(key)
    return {
      isAllowed: taken <= rate.count,
      limit,
      rate,
      remaining: Math.max(0, rate.count - taken),
      resetSeconds: Math.max(1, Math.ceil(endsInMs / 1000)),
    }
  }

  return {
    take,
    async spend(limit, key) {
      const standing = await take(limit, key)
      if (!standing.isAllowed) throw tooManyRequests(standing)
    },
    giveBack: (limit, key) => windowsOf(limit).giveBack(key),
    forget: (limit, key) => windowsOf(limit).forget(key),
  }
}

/** The windows of one limit, by key. The library counts and drops what has ended; that there are not too many is ours. */
function createWindows({ count, seconds }: Rate, maxKeys: number) {
  const limiter = new RateLimiterMemory({ points: count, duration: seconds, keyPrefix: '' })
  // All windows are equally long, so the first to begin is the first to end.
  const begun = new Set<string>()

  const remember = async (key: string): Promise<void> => {
    begun.delete(key)
    begun.add(key)
    if (begun.size <= maxKeys) return
    // A tenth at once: finding the first in a set is slow right after many were taken from its front.
    const oldest = [...begun].slice(0, Math.ceil(maxKeys / 10))
    for (const each of oldest) {
      begun.delete(each)
      await limiter.delete(each)
    }
  }

  return {
    async take(key: string): Promise<{ taken: number; endsInMs: number }> {
      // `penalty` counts as `consume` does, without making an error of every refusal.
      const { consumedPoints, msBeforeNext, isFirstInDuration } = await limiter.penalty(key)
      if (isFirstInDuration) await remember(key)
      return { taken: consumedPoints, endsInMs: msBeforeNext }
    },
    async giveBack(key: string): Promise<void> {
      const isCounted = ((await limiter.get(key))?.consumedPoints ?? 0) > 0
      if (isCounted) await limiter.reward(key)
    },
    async forget(key: string): Promise<void> {
      begun.delete(key)
      await limiter.delete(key)
    },
  }
}
