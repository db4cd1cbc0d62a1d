import type { Toota } from '@toota/sdk'
import type { Random } from '../random.ts'
import type { Mood } from '../story.ts'
import type { Scene, World } from './world.ts'

/** One customer on one trip. */
export type Errand = {
  readonly world: World
  readonly toota: Toota
  readonly name: string
  readonly random: Random
  readonly scene: Scene
  /** Notes the step and prints it. */
  readonly tell: (text: string, mood?: Mood) => void
  /** @throws Error when the trip takes far too long */
  readonly checkPatience: () => void
}
