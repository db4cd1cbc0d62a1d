import type { Pace } from './fixes.ts'
import type { FrameOf, LiveEvent } from './frames.ts'
import type { Connection } from './line.ts'
import type { CommandOutcome } from './outbox.ts'
import type { StateSnapshot } from './stream.ts'

/** What can be listened to. */
export type LiveEvents = { [Event in LiveEvent as Event['kind']]: Event } & {
  /** Every event, of whatever kind, in order. */
  event: LiveEvent
  /** In place of events that could not be told one by one; those that follow go on from it. */
  snapshot: StateSnapshot
  /** Where the driver of a watched trip is (WGS 84 degrees). */
  position: FrameOf<'loc'>
  /** How often the server wants a driver's fixes; `live.reportPosition` keeps to it. */
  pace: Pace
  connection: Connection
  /** The server has lost its database, and commands may have to wait; `none`: it is back. */
  degraded: FrameOf<'degraded'>
  /** This server goes away within `afterMs`; the client is about to move to another. */
  drain: FrameOf<'drain'>
  /** What became of a command. */
  command: CommandOutcome
  /** The server refused a fix or a watch; the connection stays. */
  problem: FrameOf<'problem'>
}
