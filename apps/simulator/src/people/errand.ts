import type { Session } from '../client/accounts.ts'
import type { Conversation } from '../client/conversation.ts'
import type { Random } from '../random.ts'
import type { Mood } from '../story.ts'
import type { Scene, World } from './world.ts'

/** One customer on one trip. */
export type Errand = {
  readonly world: World
  readonly session: Session
  readonly name: string
  readonly random: Random
  readonly desk: Conversation
  readonly scene: Scene
  /** Notes the step and prints it. */
  readonly tell: (text: string, mood?: Mood) => void
  /** @throws Error when the trip takes far too long */
  readonly checkPatience: () => void
}
