import type { Payment, Toota } from '@toota/sdk'
import type { Reaction, TripPlan } from '../plan.ts'
import type { Story } from '../story.ts'
import type { TripRecord } from '../record.ts'
import type { Till } from '../till.ts'

/** What the two people of a trip know of each other beyond the wire: the script, and what they do face to face. */
export type Scene = {
  readonly plan: TripPlan
  readonly record: TripRecord
  /** How each asked driver will take the offer. */
  readonly reactions: Map<string, Reaction>
  /** When the driver tapped "accept", by performance.now(). */
  acceptTappedAtMs: number | undefined
  /** As the customer chose it, and paid it where that is done before; undefined until then. */
  payment: Payment | undefined
  /** Cents the customer holds out at the pickup, and the code that goes with them; undefined until then. */
  cash: { readonly minor: number; readonly code: string | undefined } | undefined
}

/** A driver as customers know one. */
export type KnownDriver = { readonly id: string; readonly name: string }

export type World = {
  readonly baseUrl: string
  readonly story: Story
  readonly seed: number
  /** Scenes of running trips, by trip id. */
  readonly scenes: Map<string, Scene>
  /** The simulator's own drivers, by account id. Others are left alone: a stranger would not know the script. */
  readonly fleet: Map<string, KnownDriver>
  readonly till: Till
  /** What goes on after its trip has ended: money on its way back. */
  readonly chores: Promise<void>[]
  /** Notes something the server did that a client would not expect. */
  readonly trouble: (text: string) => void
  /** The run is being broken off. */
  readonly isOver: () => boolean
}

/** A trip that makes no progress for this long is stuck. It covers several unanswered offers of 30 s. */
export const TRIP_PATIENCE_MS = 180_000

/** A live connection that will not come back is something the server did that a client would not expect. */
export function reportStops({ trouble }: World, { live }: Toota, name: string): void {
  live.on('connection', ({ state, reason }) => {
    if (state === 'stopped' && reason) trouble(`${name} hears nothing any more: ${reason.message}`)
  })
  live.on('problem', ({ code }) => trouble(`${name} was answered with "${code}"`))
}
