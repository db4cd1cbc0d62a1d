import { Histogram, Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { createMetrics } from './metrics.ts'

const textOf = (metrics: { registry: Registry }, name: string) =>
  metrics.registry.getSingleMetricAsString(name)

describe('metrics', () => {
  it("[OP40] a counter, a gauge and a histogram read as Prometheus's own would", async () => {
    const metrics = createMetrics()
    const buckets = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300]
    const registry = new Registry()
    const theirs = new Histogram({
      name: 'toota_offer_answer_seconds',
      help: 'How long drivers took to answer an offer.',
      labelNames: ['answer'],
      buckets,
      registers: [registry],
    })
    for (const seconds of [0.2, 1, 1.5, 60, 301]) {
      metrics.observe('toota_offer_answer_seconds', { answer: 'accepted' }, seconds)
      theirs.observe({ answer: 'accepted' }, seconds)
    }
    const linesOf = (text: string) =>
      text
        .replace(/\{([^}]*)\}/g, (_, labels: string) => `{${labels.split(',').sort().join()}}`)
        .split('\n')
        .sort()
    expect(linesOf(await textOf(metrics, 'toota_offer_answer_seconds'))).toEqual(
      linesOf(await registry.getSingleMetricAsString('toota_offer_answer_seconds')),
    )

    metrics.count('toota_offers_total', { state: 'opened' })
    metrics.count('toota_offers_total', { state: 'opened' }, 2)
    expect(await textOf(metrics, 'toota_offers_total')).toContain('toota_offers_total{state="opened"} 3')
    metrics.gauge('toota_sockets', () => [{ labels: { kind: 'live' }, value: 7 }])
    metrics.gauge('toota_sockets', () => Promise.reject(new Error('away')))
    expect(await textOf(metrics, 'toota_sockets')).toContain('toota_sockets{kind="live"} 7')
  })

  it('[OP41] a label that gets what it must not have does not fill the memory', async () => {
    const metrics = createMetrics()
    for (let n = 0; n < 3_000; n++) metrics.count('toota_fixes_total', { outcome: `id-${n}` })
    const text = await textOf(metrics, 'toota_fixes_total')
    expect(text.split('\n').length).toBeLessThan(2_010)
    expect(text).toContain('toota_fixes_total{outcome="other"} 1000')
  })
})
