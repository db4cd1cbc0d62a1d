import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'

/** Does what is due and answers in how many milliseconds it is worth looking again. */
export type SweepJob = () => Promise<number>

/**
 * Runs a job again and again until stopped. Due times live in the database, so a sweep only has to look: after a
 * crash the next process goes on where this one ended, and every node may sweep.
 */
export function startSweep(
  name: string,
  job: SweepJob,
  { log, metrics }: { readonly log: Logger; readonly metrics: Metrics },
): { stop(): Promise<void> } {
  const counted = countSweep(name, metrics)
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let running: Promise<void> = Promise.resolve()

  const run = async (): Promise<void> => {
    let pause = AFTER_FAILURE_MS
    const startedAt = performance.now()
    try {
      pause = await job()
      counted.succeeded(startedAt, pause)
    } catch (error) {
      counted.failed(startedAt)
      log.error({ err: error, sweep: name }, 'sweep failed')
    }
    if (!isStopped) schedule(Math.max(pause, SHORTEST_PAUSE_MS))
  }
  const schedule = (milliseconds: number): void => {
    timer = setTimeout(() => {
      running = run()
    }, milliseconds)
  }

  schedule(0)
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await running
    },
  }
}

function countSweep(sweep: string, metrics: Metrics) {
  const seconds = metrics.histogram('toota_sweep_seconds', { sweep })
  const done = metrics.counter('toota_sweep_runs_total', { sweep, outcome: 'done' })
  const failed = metrics.counter('toota_sweep_runs_total', { sweep, outcome: 'failed' })
  let dueAt = performance.now()
  metrics.gauge('toota_sweep_overdue_seconds', () => [
    { labels: { sweep }, value: Math.max(0, performance.now() - dueAt) / 1000 },
  ])
  const took = (startedAt: number): void => seconds.observe((performance.now() - startedAt) / 1000)
  return {
    succeeded(startedAt: number, pause: number) {
      took(startedAt)
      done.add()
      dueAt = performance.now() + pause
    },
    failed(startedAt: number) {
      took(startedAt)
      failed.add()
    },
  }
}

const AFTER_FAILURE_MS = 1_000
const SHORTEST_PAUSE_MS = 5
