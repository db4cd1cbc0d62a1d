import type { components } from '../api-types.ts'

type Schemas = components['schemas']

export type Hello = Schemas['LiveHello']
export type Fix = Omit<Schemas['LiveLoc'], 't'>
export type ClientFrame =
  | Schemas['LiveAck']
  | Schemas['LiveResume']
  | Schemas['LiveAuth']
  | Schemas['LiveCommand']
  | Schemas['LiveLoc']
  | Schemas['LiveTrail']
  | Schemas['LiveWatch']

export type Welcome = Schemas['LiveWelcome']
/** What an account is told, by kind. State with a version: look at the trip for more. */
export type LiveEvent = Schemas['LiveEvent']
export type Snapshot = Schemas['LiveSnapshot']
export type CommandResult = Schemas['LiveCommandResult']
export type ServerFrame =
  | Welcome
  | LiveEvent
  | Schemas['LiveReset']
  | Snapshot
  | Schemas['LivePos']
  | CommandResult
  | Schemas['LiveDriverLoc']
  | Schemas['LivePace']
  | Schemas['LiveRenewed']
  | Schemas['LiveAuthRequired']
  | Schemas['LiveDegraded']
  | Schemas['LiveDrain']
  | Schemas['LiveProblem']

export type FrameOf<T extends ServerFrame['t']> = Extract<ServerFrame, { t: T }>

/** Where a stream stands: the numbers mean something within their epoch only. */
export type Position = { readonly epoch: string; readonly seq: number }
