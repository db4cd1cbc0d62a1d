import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { atLeast, compare, interleave, median, percentile } from './measure.ts'
import { openLoop } from './open-loop.ts'

const BAR = { bar: 'B0', what: 'a thing', unit: 'µs' }

describe('what a benchmark says', () => {
  it('[BE1] is within its limit, or is not', () => {
    const kept = compare({ ...BAR, ours: 35, yardstick: 20, limit: 1.75 })
    expect(kept).toEqual({ ...BAR, ours: 35, yardstick: 20, limit: 1.75, ratio: 1.75, ok: true })
    expect(compare({ ...BAR, ours: 35.01, yardstick: 20, limit: 1.75 }).ok).toBe(false)
    expect(compare({ ...BAR, ours: NaN, yardstick: 20, limit: 1.75 }).ok).toBe(false)
  })

  it('[BE2] reaches its least figure, or falls short of it', () => {
    expect(atLeast({ ...BAR, ours: 100, yardstick: 50 })).toMatchObject({ ratio: 0.5, limit: 1, ok: true })
    expect(atLeast({ ...BAR, ours: 40, yardstick: 50 })).toMatchObject({ ratio: 1.25, ok: false })
  })

  it('[BE1] is the median of rounds in turn', async () => {
    const order: string[] = []
    const side = (name: string, values: number[]) => () => {
      order.push(name)
      return Promise.resolve(values.shift() ?? 0)
    }
    const found = await interleave(3, { ours: side('ours', [9, 1, 2]), bare: side('bare', [3, 5, 4]) })
    expect(found).toEqual({ ours: 2, bare: 4 })
    expect(order).toEqual(['ours', 'bare', 'ours', 'bare', 'ours', 'bare'])
    expect(
      percentile(
        Array.from({ length: 100 }, (_, n) => n + 1),
        0.99,
      ),
    ).toBe(99)
    expect(() => median([])).toThrow('no values')
  })
})

describe('the open loop', () => {
  it('[BE3] keeps to its schedule through a stall, and says how late it was itself', async () => {
    const [dues, delays] = [[] as number[], [] as number[]]
    const { lagMax } = await openLoop({ perSecond: 200, count: 20 }, (n, due) => {
      dues.push(due)
      delays.push(performance.now() - due)
      // Somebody holds the generator up for as long as several sends are apart.
      if (n === 5) for (const end = performance.now() + 40; performance.now() < end;);
    })
    const gaps = dues.slice(1).map((due, n) => due - (dues[n] ?? 0))
    for (const gap of gaps) expect(gap).toBeCloseTo(5, 3)
    expect(delays[6]).toBeGreaterThan(30)
    expect(lagMax).toBeGreaterThan(30)
  })
})

describe('every benchmark', () => {
  const names = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.bench.ts'))
  it.each(names)('[BE4] %s can be loaded', async (name) => {
    const { run } = (await import(new URL(name, import.meta.url).href)) as { run: unknown }
    expect(run).toBeInstanceOf(Function)
  })
})
