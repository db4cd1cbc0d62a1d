import type { Logger } from './log.ts'

/** Does what is due and answers in how many milliseconds it is worth looking again. */
export type SweepJob = () => Promise<number>

/**
 * Runs a job again and again until stopped. Due times live in the database, so a sweep only has to look: after a
 * crash the next process goes on where this one ended, and every node may sweep.
 */
export function startSweep(name: string, job: SweepJob, log: Logger): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let running: Promise<void> = Promise.resolve()

  const run = async (): Promise<void> => {
    let pause = AFTER_FAILURE_MS
    try {
      pause = await job()
    } catch (error) {
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

const AFTER_FAILURE_MS = 1_000
const SHORTEST_PAUSE_MS = 5
