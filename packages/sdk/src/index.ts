import { Account } from './account.ts'
import { Driving } from './driving.ts'
import { Earnings } from './earnings.ts'
import { answerOf, createHttp, PATIENCE, type Fetch, type Http, type Patience } from './http.ts'
import { createHttpRoad } from './live/http-road.ts'
import { Live } from './live/live.ts'
import type { SocketConstructor } from './live/socket.ts'
import { memoryStorage, Session, type Storage } from './session.ts'
import { Staff } from './staff.ts'
import { Trips } from './trips.ts'

export type { PicturePlace } from './account.ts'
export type { DrivenStatus } from './driving.ts'
export type { EarningsFilter, PayoutFilter } from './earnings.ts'
export type { Fetch, Patience } from './http.ts'
export type { Connection } from './live/line.ts'
export type { CommandArgs, CommandData, CommandName } from './live/commands.ts'
export type { PositionReport } from './live/fixes.ts'
export { createMirror, fold, NOTHING, type Folded, type FoldedTrip, type Mirror } from './live/fold.ts'
export type { LiveEvent, Position } from './live/frames.ts'
export type { ConnectOptions } from './live/live.ts'
export type { LiveEvents } from './live/live-events.ts'
export type { CommandOutcome, PendingCommand } from './live/outbox.ts'
export type { StateSnapshot } from './live/stream.ts'
export type { Socket, SocketConstructor } from './live/socket.ts'
export { TootaError, type ErrorCode } from './problem.ts'
export type { Identity, SignOutReason, Storage } from './session.ts'
export type { CaseFilter, StatementSpan } from './staff.ts'
export type { DriverSearch, TripPage } from './trips.ts'
export type * from './types.ts'

export type TootaOptions = {
  /** Where the server is, without a path: `https://toota.example`. */
  readonly baseUrl: string
  readonly fetch?: Fetch
  /** For programs without a global one, as Node 20: `import { WebSocket } from 'ws'`. */
  readonly WebSocket?: SocketConstructor
  /** Where the session is kept; only in memory when it is not given. */
  readonly storage?: Storage
  /**
   * Whether the storage also keeps the last event that was told, so that after a restart of the program `live` goes on with those it
   * missed. Not with several tabs at once.
   */
  readonly keepsPosition?: boolean
  /** A name of this installation, 1 to 200 characters; made up and kept when it is not given. */
  readonly device?: string
  /** How long calls go on trying: 5 attempts of 15 s within 30 s, unless told. */
  readonly patience?: Partial<Patience>
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** From 0 to below 1. */
  readonly random?: () => number
}

/** One person's access to a Toota server. */
export type Toota = {
  readonly account: Account
  /** For customers. */
  readonly trips: Trips
  /** For drivers. */
  readonly driving: Driving
  /** For drivers: what trips brought, and how it is paid out. */
  readonly earnings: Earnings
  /** For operators. */
  readonly staff: Staff
  /** What happens, as it happens. */
  readonly live: Live
}

/** A client of `/v1`. It opens no connection before the first call. */
export function createToota(options: TootaOptions): Toota {
  const { now = Date.now, random = Math.random, storage = memoryStorage(), device } = options
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  // Called as a function of the page: browsers refuse any other `this`.
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init))
  const patience = { ...PATIENCE, ...options.patience }

  const session = new Session({
    storage,
    device,
    now,
    refresh: (body) => answerOf(http.POST('/v1/sessions/refresh', { body })),
  })
  const http: Http = createHttp({ baseUrl, fetch, patience, now, random }, session)
  // The outbox repeats by itself, and changes to the socket as soon as there is one.
  const once = createHttp({ baseUrl, fetch, patience: { ...patience, attempts: 1 }, now, random }, session)
  const byHttp = createHttpRoad(http, once)
  const { WebSocket, keepsPosition = false } = options
  const live = new Live({ baseUrl, WebSocket, now, random, storage, keepsPosition, byHttp }, session)
  return {
    account: new Account(http, session),
    trips: new Trips(http, live),
    driving: new Driving(http, session, live),
    earnings: new Earnings(http),
    staff: new Staff(http),
    live,
  }
}
