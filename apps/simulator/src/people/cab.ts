import type { Session } from '../client/accounts.ts'
import type { Random } from '../random.ts'
import type { Wheels } from './wheels.ts'
import type { World } from './world.ts'

/** What a driver has in the cab while working. */
export type Cab = {
  readonly world: World
  readonly session: Session
  readonly name: string
  readonly random: Random
  readonly wheels: Wheels
  /** Trips that ended under the driver, by id. */
  readonly cancelled: Set<string>
  /** Takes no more trips. */
  readonly isLeaving: () => boolean
}
