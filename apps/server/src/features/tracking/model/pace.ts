import type { TripStatus } from '@toota/contract'
import { distanceMeters, type Point } from '../../../kernel/index.ts'

/** How often a driver's phone is to say where it is, and why. */
export type Pace = { readonly everySeconds: number; readonly why: 'moving' | 'near-pickup' | 'idle' }

export type PaceSettings = {
  readonly movingSeconds: number
  readonly nearSeconds: number
  readonly idleSeconds: number
  /** So close to where somebody waits for him. */
  readonly nearMeters: number
}

/** A trip that a driver has accepted and not ended. */
export type Work = { readonly status: TripStatus; readonly pickup: Point; readonly destination: Point }

/** Where somebody waits for him: nowhere while he is loading, unloading or free. */
function goalOf({ status, pickup, destination }: Work): Point | undefined {
  if (status === 'accepted' || status === 'en_route') return pickup
  return status === 'loaded' || status === 'in_transit' ? destination : undefined
}

/** Sparing the phone, and no slower than he would fall out of the search. `isStill`: he has not moved for minutes. */
export function paceOf(
  settings: PaceSettings,
  work: Work | undefined,
  at: Point | undefined,
  isStill: boolean,
): Pace {
  const goal = work && goalOf(work)
  if (!work || (!goal && isStill)) return { everySeconds: settings.idleSeconds, why: 'idle' }
  if (goal && at && distanceMeters(at, goal) <= settings.nearMeters)
    return { everySeconds: settings.nearSeconds, why: 'near-pickup' }
  return { everySeconds: settings.movingSeconds, why: 'moving' }
}
