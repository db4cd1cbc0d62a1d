import { describe, expect, it } from 'vitest'
import { concernOf, look, type Sight, type Watch, type WatchLimits } from './watch.ts'

const LIMITS: WatchLimits = { darkSeconds: 120, stallMinutes: 8, retreatMeters: 1_000 }
const MINUTE = 60_000

/** What is known and thought after these looks, one a minute; a number is the way to the pickup, `dark` no new position. */
function after(...looks: readonly (number | 'dark' | undefined)[]) {
  let watch: Watch | undefined
  let sight: Sight = { now: 0, fixAt: undefined, toPickupMeters: undefined }
  let fixAt: number | undefined
  let far: number | undefined
  for (const [minute, each] of looks.entries()) {
    if (each !== 'dark') [fixAt, far] = [minute * MINUTE, each]
    sight = { now: minute * MINUTE, fixAt, toPickupMeters: far }
    watch = look(watch, sight)
  }
  if (!watch) throw new Error('nobody looked')
  return { sight, concern: (limits = LIMITS) => concernOf(watch, sight, limits) }
}

describe('the watch over a driver', () => {
  it('[TR14] is content while he comes nearer, however slowly', () => {
    const looks = Array.from({ length: 20 }, (_, minute) => 9_000 - minute * 110)
    expect(after(...looks).concern()).toBeUndefined()
  })

  it('[TR14] notices silence after the limit, counted from his last position', () => {
    expect(after(5_000, 'dark', 'dark').concern()).toBeUndefined()
    expect(after(5_000, 'dark', 'dark', 'dark').concern()).toBe('dark')
    expect(after(5_000, 'dark', 'dark', 'dark', 4_000).concern()).toBeUndefined()
  })

  it('[TR14] gives who was never heard of the whole limit, as after a restart', () => {
    const nothing = Array.from({ length: 3 }, () => 'dark' as const)
    expect(after(...nothing).concern()).toBeUndefined()
    expect(after(...nothing, 'dark').concern()).toBe('dark')
  })

  it('[TR14] notices standing still, and wandering about on the spot', () => {
    const parked = Array.from({ length: 9 }, (_, minute) => 5_000 + (minute % 2) * 60)
    expect(after(5_200, ...parked.slice(1)).concern()).toBeUndefined()
    expect(after(...parked, 4_990).concern()).toBe('stalled')
    expect(after(...parked, 4_850).concern()).toBeUndefined()
  })

  it('[TR14] notices going away by more than the limit from the nearest he has been', () => {
    expect(after(5_000, 3_000, 3_900).concern()).toBeUndefined()
    expect(after(5_000, 3_000, 4_100).concern()).toBe('retreating')
  })

  it('[TR14] says nothing at the pickup, nor after it', () => {
    expect(after(...Array.from({ length: 20 }, () => 150)).concern()).toBeUndefined()
    expect(after(...Array.from({ length: 20 }, () => undefined)).concern()).toBeUndefined()
  })

  it('[TR14] a limit of 0 switches its worry off', () => {
    const off = { darkSeconds: 0, stallMinutes: 0, retreatMeters: 0 }
    expect(after(5_000, ...Array.from({ length: 60 }, () => 'dark' as const)).concern(off)).toBeUndefined()
    expect(after(5_000, 9_000).concern(off)).toBeUndefined()
  })
})
