import type { Toota } from '@toota/sdk'
import type { Random } from '../random.ts'
import type { Wheels } from './wheels.ts'
import type { World } from './world.ts'

/** What a driver has in the cab while working. */
export type Cab = {
  readonly world: World
  readonly toota: Toota
  /** The driver's account. */
  readonly id: string
  readonly name: string
  readonly random: Random
  readonly wheels: Wheels
  /** Cents of customers' cash. */
  cashMinor: number
  /** Trips that ended under the driver, by id. */
  readonly cancelled: Set<string>
  /** Offers that are over, by id. */
  readonly ended: Set<string>
  /** Takes no more trips. */
  readonly isLeaving: () => boolean
}
