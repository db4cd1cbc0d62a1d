import { Registry, type Metric } from 'prom-client'
import {
  METRICS,
  type CounterName,
  type GaugeName,
  type HistogramName,
  type Labels,
  type MetricName,
} from './metrics-catalogue.ts'

/** One series that only goes up. Kept by the hottest paths, which then add to a plain number. */
export type Counter = { add(by?: number): void }
export type Histogram = { observe(seconds: number): void }
export type Reading<N extends MetricName> = { readonly labels: Labels<N>; readonly value: number }
type Read<N extends MetricName> = () =>
  number | readonly Reading<N>[] | Promise<number | readonly Reading<N>[]>

/**
 * What can be watched of a running process. Features count by a name of the catalogue; what is counted is plain numbers
 * until somebody reads them, so that counting costs nanoseconds and nothing when nobody reads.
 */
export type Metrics = {
  count<N extends CounterName>(name: N, labels: Labels<N>, by?: number): void
  observe<N extends HistogramName>(name: N, labels: Labels<N>, seconds: number): void
  /** The series itself. Asking for it also shows it as 0, which alerts on rates need. */
  counter<N extends CounterName>(name: N, labels: Labels<N>): Counter
  histogram<N extends HistogramName>(name: N, labels: Labels<N>): Histogram
  /** Read whenever the metrics are; a reading that fails is left out. Several readers of one name add their series. */
  gauge<N extends GaugeName>(name: N, read: Read<N>): void
  /** For process metrics of others; ours come by the methods above. */
  readonly registry: Registry
}

type Sample = { labels: Record<string, string>; value: number; metricName?: string }

/** More series than the code's own words can make of one metric: a label has got what it must not have. */
const MAX_SERIES = 2_000
const OVERFLOW = 'other'

export function createMetrics(): Metrics {
  const registry = new Registry()
  const families = new Map<string, Family<CounterSeries | HistogramSeries>>()
  const gauges = new Map<string, Gauge>()
  for (const [name, about] of Object.entries(METRICS)) {
    if (about.type === 'gauge') gauges.set(name, new Gauge(name, about.help))
    else if (about.type === 'counter') families.set(name, new Family(name, about, () => new CounterSeries()))
    else families.set(name, new Family(name, about, () => new HistogramSeries(about.buckets)))
  }
  for (const each of [...families.values(), ...gauges.values()])
    registry.registerMetric(each as unknown as Metric)

  const series = (name: string, labels: Readonly<Record<string, string>>) => {
    const family = families.get(name)
    if (!family) throw new Error(`no metric is called ${name}`)
    return family.series(labels)
  }
  const counter = (name: CounterName, labels: Readonly<Record<string, string>>) =>
    series(name, labels) as CounterSeries
  const histogram = (name: HistogramName, labels: Readonly<Record<string, string>>) =>
    series(name, labels) as HistogramSeries
  return {
    registry,
    counter,
    histogram,
    count: (name, labels, by) => counter(name, labels).add(by),
    observe: (name, labels, seconds) => histogram(name, labels).observe(seconds),
    gauge: (name, read) => gauges.get(name)?.readers.push(read),
  }
}

/** One metric as prom-client's registry sees it: it asks for `get` whenever it is read. */
class Family<S extends { samples(name: string): Sample[] }> {
  readonly type: string
  readonly help: string
  readonly name: string
  readonly #labelNames: readonly string[]
  readonly #create: () => S
  readonly #series = new Map<
    string,
    { readonly labels: Readonly<Record<string, string>>; readonly series: S }
  >()

  constructor(
    name: string,
    about: { readonly type: string; readonly help: string; readonly labels: readonly string[] },
    create: () => S,
  ) {
    this.name = name
    this.type = about.type
    this.help = about.help
    this.#labelNames = about.labels
    this.#create = create
  }

  series(labels: Readonly<Record<string, string>>): S {
    const known = this.#series.get(this.#keyOf(labels))
    return known ? known.series : this.#add(labels)
  }

  get(): Promise<{ name: string; help: string; type: string; values: Sample[] }> {
    const values = [...this.#series.values()].flatMap(({ labels, series }) =>
      series.samples(this.name).map((sample) => ({ ...sample, labels: { ...labels, ...sample.labels } })),
    )
    return Promise.resolve({ name: this.name, help: this.help, type: this.type, values })
  }

  #keyOf(labels: Readonly<Record<string, string>>): string {
    const [first, second] = this.#labelNames
    if (first === undefined) return ''
    if (second === undefined) return labels[first] ?? ''
    return this.#labelNames.map((name) => labels[name]).join('\n')
  }

  #add(labels: Readonly<Record<string, string>>): S {
    const isFull = this.#series.size >= MAX_SERIES
    const shown = Object.fromEntries(
      this.#labelNames.map((name) => [name, isFull ? OVERFLOW : (labels[name] ?? '')]),
    )
    const key = this.#keyOf(shown)
    const known = this.#series.get(key)
    if (known) return known.series
    const series = this.#create()
    this.#series.set(key, { labels: shown, series })
    return series
  }
}

class CounterSeries implements Counter {
  value = 0
  add(by = 1): void {
    this.value += by
  }
  samples(): Sample[] {
    return [{ labels: {}, value: this.value }]
  }
}

class HistogramSeries implements Histogram {
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = new Array<number>(bounds.length + 1).fill(0)
  }

  observe(seconds: number): void {
    let index = 0
    while (index < this.#bounds.length && seconds > (this.#bounds[index] ?? 0)) index++
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    this.#sum += seconds
  }

  samples(name: string): Sample[] {
    let total = 0
    const buckets = this.#counts.map((count, index) => {
      total += count
      const le = this.#bounds[index]
      return {
        metricName: `${name}_bucket`,
        labels: { le: le === undefined ? '+Inf' : String(le) },
        value: total,
      }
    })
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: {}, value: this.#sum },
      { metricName: `${name}_count`, labels: {}, value: total },
    ]
  }
}

class Gauge {
  readonly type = 'gauge'
  readonly name: string
  readonly help: string
  readonly readers: Read<never>[] = []

  constructor(name: string, help: string) {
    this.name = name
    this.help = help
  }

  async get(): Promise<{ name: string; help: string; type: string; values: Sample[] }> {
    const readings = await Promise.allSettled(this.readers.map(async (read) => read()))
    const values = readings.flatMap((each): Sample[] => {
      if (each.status === 'rejected') return []
      return typeof each.value === 'number' ? [{ labels: {}, value: each.value }] : [...each.value]
    })
    return { name: this.name, help: this.help, type: this.type, values }
  }
}
