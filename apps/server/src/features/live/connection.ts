import { ClientFrame, type CloseCode, type LiveEvent, type ServerFrame } from '@toota/contract'
import { Refusal, type CustomerId, type DriverId, type TripId } from '../../kernel/index.ts'
import type { News } from '../../platform/news.ts'
import type { Commands } from '../../platform/http/commands.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Fix } from '../../platform/positions.ts'
import type { Frame, SocketSession } from '../../platform/socket/index.ts'
import type { Principal } from '../accounts/index.ts'
import { reportFix, watchTrip, type Roster } from '../tracking/index.ts'

export type LiveContext = {
  readonly platform: Platform
  readonly roster: Roster
  readonly commands: Commands
}
type Hello = Extract<ClientFrame, { t: 'hello' }>

/** Missed events are read this many at a time. */
const PAGE = 500
/** Trips of one customer that he can watch at once, if he may not even have more open. */
const MAX_WATCHED = 20

/** An open `/v1/live` socket of one account, from its hello on. */
export class LiveConnection {
  readonly #context: LiveContext
  readonly #principal: Principal
  readonly #session: SocketSession
  readonly #watched = new Map<TripId, () => void>()
  /** The trip whose watch is just being set up; frames are taken one after the other, so there is at most one. */
  #beginning: TripId | undefined
  /** Heard while the missed ones are still being read. */
  #waiting: News[] | undefined = []
  /** The last event that was sent. */
  #seq = 0

  constructor(context: LiveContext, principal: Principal, session: SocketSession) {
    this.#context = context
    this.#principal = principal
    this.#session = session
    session.onClose(() => {
      for (const stop of this.#watched.values()) stop()
    })
  }

  /** Listens first and reads afterwards, so that nothing falls between what was missed and what is new. */
  async start({ resume }: Hello): Promise<void> {
    const { news, clock } = this.#context.platform
    const { accountId, role } = this.#principal
    const stop = await news.listen(accountId, (item) => this.#hear(item))
    this.#session.onClose(stop)
    if (!this.#session.isOpen) stop()

    const seq = await news.position(accountId)
    this.#seq = Math.min(resume?.seq ?? seq, seq)
    this.#send({ t: 'welcome', accountId, role, seq, serverTime: clock.now().toISOString() })
    await this.#tellMissed()
    for (const item of this.#waiting ?? []) this.#tell(item)
    this.#waiting = undefined
  }

  /** A frame after the hello. */
  async take(frame: ClientFrame): Promise<void> {
    try {
      if (frame.t === 'hello') throw new Refusal('invalid-request', { frame: 'hello was said already' })
      if (frame.t === 'loc') await this.#report(frame)
      else await this.#watch(frame.tripId as TripId, frame.on)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.#complain(error)
    }
  }

  /** A known driver's fix waits for nothing; false for what has to wait its turn. */
  takeAtOnce(frame: ClientFrame): boolean {
    const driverId = this.#principal.accountId as DriverId
    if (frame.t !== 'loc' || !this.#context.roster.knows(driverId)) return false
    if (!reportFix(this.#context.platform, driverId, frame)) this.#complain(noPlace())
    return true
  }

  async #tellMissed(): Promise<void> {
    for (;;) {
      const missed = await this.#context.platform.news.since(this.#principal.accountId, this.#seq, PAGE)
      for (const item of missed) this.#tell(item)
      if (missed.length < PAGE) return
    }
  }

  #hear(item: News): void {
    if (this.#waiting) this.#waiting.push(item)
    else this.#tell(item)
  }

  #tell({ seq, kind, data }: News): void {
    if (seq <= this.#seq) return
    this.#seq = seq
    const event = { t: 'evt', seq, kind, data } as LiveEvent
    this.#send(event)
    if (event.kind === 'trip.changed' && isOver(event.data.status)) this.#end(event.data.tripId as TripId)
  }

  async #report({ latitude, longitude }: { latitude: number; longitude: number }): Promise<void> {
    const { platform, roster } = this.#context
    if (this.#principal.role !== 'driver') throw new Refusal('wrong-role')
    const driverId = this.#principal.accountId as DriverId
    await roster.enter(driverId)
    if (!reportFix(platform, driverId, { latitude, longitude })) throw noPlace()
  }

  async #watch(tripId: TripId, isOn: boolean): Promise<void> {
    if (this.#principal.role !== 'customer') throw new Refusal('wrong-role')
    if (!isOn) {
      this.#unwatch(tripId)
      return
    }
    if (this.#watched.has(tripId)) return
    if (this.#watched.size >= Math.max(MAX_WATCHED, this.#context.platform.settings.maxOpenTrips))
      throw new Refusal('too-many-requests')
    const { platform, roster } = this.#context
    const customerId = this.#principal.accountId as CustomerId
    this.#beginning = tripId
    const stop = await watchTrip(platform, roster, customerId, tripId, (driverId, fix) => {
      this.#session.sendLatest(locFrame(tripId, driverId, fix))
    })
    if (this.#hasEndedMeanwhile() || !this.#session.isOpen) stop()
    else this.#watched.set(tripId, stop)
  }

  /** Whether the trip ended while its watch was being set up, which is over now. */
  #hasEndedMeanwhile(): boolean {
    const hasEnded = this.#beginning === undefined
    this.#beginning = undefined
    return hasEnded
  }

  /** Also for a watch that is just being set up. */
  #end(tripId: TripId): void {
    if (this.#beginning === tripId) this.#beginning = undefined
    this.#unwatch(tripId)
  }

  #unwatch(tripId: TripId): void {
    this.#watched.get(tripId)?.()
    this.#watched.delete(tripId)
  }

  #complain({ code, message }: Refusal): void {
    this.#send({ t: 'problem', code, title: message })
  }

  #send(frame: ServerFrame): void {
    this.#session.send(JSON.stringify(frame))
  }
}

const noPlace = (): Refusal => new Refusal('invalid-request', { position: 'is no place' })

const isOver = (status: string): boolean =>
  status === 'completed' || status === 'cancelled' || status === 'expired'

const locFrame = (tripId: TripId, driverId: DriverId, { latitude, longitude, at }: Fix): Buffer =>
  Buffer.from(
    JSON.stringify({ t: 'loc', tripId, driverId, latitude, longitude, at: new Date(at).toISOString() }),
  )

/** The frame as the protocol knows it, or why the socket must close or complain. */
export function readFrame(frame: Frame): ClientFrame | CloseCode | 'malformed' {
  if ('binary' in frame) return 'malformed'
  let value: unknown
  try {
    value = JSON.parse(frame.text)
  } catch {
    return 'malformed'
  }
  if (isHello(value) && value.v !== 1) return 4506
  const parsed = ClientFrame.safeParse(value)
  return parsed.success ? parsed.data : 'malformed'
}

const isHello = (value: unknown): value is { t: 'hello'; v?: unknown } =>
  typeof value === 'object' && value !== null && 't' in value && value.t === 'hello'
