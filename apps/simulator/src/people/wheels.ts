import { setTimeout as pause } from 'node:timers/promises'
import { partWay, type Point } from '../city.ts'
import { openSocket } from '../client/socket.ts'
import { retryDelayMs, type World } from './world.ts'

/** A vehicle that reports where it is. */
export type Wheels = {
  /** Time-lapse: any distance in `durationMs`. Stops where it is as soon as `mustStop` says so. */
  driveTo(target: Point, durationMs: number, mustStop: () => boolean): Promise<void>
  close(): Promise<void>
}

const IDLE_FIX_MS = 2_000
const DRIVING_FIX_MS = 250

export async function startWheels(world: World, accessToken: string, start: Point): Promise<Wheels> {
  let position = start
  let driving = false
  let complained = false
  const socket = await openSocket({
    baseUrl: world.rest.baseUrl,
    path: '/ws/driver/location/',
    accessToken,
    retryDelayMs,
    onReopen: () => void report(),
    onMessage: (message) => {
      if (typeof message['error'] === 'string' && !complained) {
        complained = true
        world.trouble(`a fix was answered with "${message['error']}"`)
      }
    },
  })
  const report = (): boolean => socket.say({ latitude: position.latitude, longitude: position.longitude })
  report()
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
    close: () => {
      clearInterval(timer)
      return socket.close()
    },
  }
}
