import type { Toota } from '@toota/sdk'
import { setTimeout as pause } from 'node:timers/promises'
import { partWay, type Point } from '../city.ts'

/** A vehicle that reports where it is. */
export type Wheels = {
  /** Time-lapse: any distance in `durationMs`. Stops where it is as soon as `mustStop` says so. */
  driveTo(target: Point, durationMs: number, mustStop: () => boolean): Promise<void>
  stop(): void
}

const IDLE_FIX_MS = 2_000
const DRIVING_FIX_MS = 250

export function startWheels({ live }: Toota, start: Point): Wheels {
  let position = start
  let driving = false
  const report = (): boolean => live.reportPosition(position)
  live.on('connection', ({ state }) => {
    if (state === 'open') report()
  })
  const timer = setInterval(() => {
    if (!driving) report()
  }, IDLE_FIX_MS)

  return {
    driveTo: async (target, durationMs, mustStop) => {
      driving = true
      const from = position
      const steps = Math.max(1, Math.round(durationMs / DRIVING_FIX_MS))
      for (let step = 1; step <= steps && !mustStop(); step++) {
        await pause(DRIVING_FIX_MS)
        position = partWay(from, target, step / steps)
        report()
      }
      driving = false
    },
    stop: () => clearInterval(timer),
  }
}
