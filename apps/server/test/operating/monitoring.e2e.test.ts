import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { METRICS } from '../../src/platform/metrics-catalogue.ts'
import { faultOf, selectorsOf } from './expressions.ts'
import type { Sample } from './scrape.ts'
import { liveThroughTrips, startWatchedServer, type WatchedServer } from './watched-server.ts'

const root = resolve(import.meta.dirname, '../../../..')
const read = (path: string) => readFile(resolve(root, path), 'utf8')
const ALERTS = 'deploy/prometheus/alerts.yml'

type Alert = { alert: string; expr: string; annotations: { summary: string; runbook_url: string } }
type Panel = { title: string; targets?: { expr: string; legendFormat: string }[] }

/** Prometheus's own, and what only a server with Redis or with clients of ours shows. */
const NOT_HERE = /^(up$|toota_redis_|toota_resumes_total)/

describe('alerts and dashboard', () => {
  let watched: WatchedServer
  let samples: Sample[]
  let alerts: Alert[]
  let panels: Panel[]
  beforeAll(async () => {
    alerts = (parse(await read(ALERTS)) as { groups: { rules: Alert[] }[] }).groups.flatMap(
      ({ rules }) => rules,
    )
    panels = (JSON.parse(await read('deploy/grafana/toota.json')) as { panels: Panel[] }).panels
    watched = await startWatchedServer()
    await liveThroughTrips(watched)
    const { server } = watched
    await server.connect('/ws/driver/location/', await server.signIn(await server.addDriver()))
    await server.request('GET', '/v1/trips')
    await server.platform.gateways.named('paystack')?.verifyPayment({ reference: 'unknown', gatewayId: null })
    samples = await watched.scrape()
  })
  afterAll(() => watched.close())

  const expressions = () => [
    ...alerts.map(({ alert, expr }) => ({ where: alert, expr })),
    ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ where: title, expr }))),
  ]

  it('[OP48] every expression reads well', () => {
    expect(expressions().length).toBeGreaterThan(60)
    expect(expressions().filter(({ expr }) => faultOf(expr) !== undefined)).toEqual([])
  })

  it('[OP48] every series that they name is in /metrics of a running server', () => {
    const missing = expressions().flatMap(({ where, expr }) =>
      selectorsOf(expr)
        .filter(({ name }) => !NOT_HERE.test(name))
        .filter(({ name, labels }) => !samples.some((sample) => isOf(sample, name, labels)))
        .map(({ name, labels }) => `${where}: ${name}${JSON.stringify(labels)}`),
    )
    expect(missing).toEqual([])
  })

  it('[OP48] what they name of ours is in the catalogue', () => {
    const named = new Set(
      expressions().flatMap(({ expr }) => selectorsOf(expr).map(({ name }) => familyOf(name))),
    )
    const unknown = [...named].filter((name) => /^toota_/.test(name) && !(name in METRICS))
    expect(unknown).toEqual([])
  })

  it('[OP49] every alert has its paragraph in the runbook', async () => {
    const headings = [...(await read('docs/operate.md')).matchAll(/^### (\w+)/gm)].map(([, word]) => word)
    for (const { alert, annotations } of alerts) {
      expect(headings).toContain(alert)
      expect(annotations.runbook_url).toBe(`docs/operate.md#${alert.toLowerCase()}`)
    }
  })

  const hasPromtool = spawnSync('promtool', ['--version']).status === 0
  it.skipIf(!hasPromtool)('[OP48] promtool finds nothing', () => {
    const run = spawnSync('promtool', ['check', 'rules', resolve(root, ALERTS)], { encoding: 'utf8' })
    expect(run.stdout + run.stderr).toContain('SUCCESS')
    expect(run.status).toBe(0)
  })
})

const isOf = (sample: Sample, name: string, labels: Readonly<Record<string, string>>): boolean =>
  sample.name === name &&
  // The job is Prometheus's name for us.
  Object.entries(labels).every(([key, value]) => key === 'job' || sample.labels[key] === value)

const familyOf = (name: string): string => name.replace(/_(bucket|sum|count)$/, '')

describe('the check of expressions', () => {
  it('[OP48] finds what is broken', () => {
    const broken = ['sum(rate(a[5m])', 'rte(a[5m])', 'rate(a[5 minutes])', 'sum(a))', 'a{b="c"']
    expect(broken.map(faultOf).every((fault) => fault !== undefined)).toBe(true)
    expect(selectorsOf('sum by (le, x) (rate(a_total{b="c",d=~"e|f"}[5m])) > 3 and g == 0')).toEqual([
      { name: 'a_total', labels: { b: 'c' } },
      { name: 'g', labels: {} },
    ])
  })
})
