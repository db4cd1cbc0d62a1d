import type { ClientFrame, Command, ServerFrame } from '@toota/contract'
import { newId, Refusal, type SessionId, type TripId } from '../../kernel/index.ts'
import type { Commands } from '../../platform/http/commands.ts'
import type { Platform } from '../../platform/platform.ts'
import type { SocketSession } from '../../platform/socket/index.ts'
import type { Admission } from '../accounts/index.ts'
import type { Roster } from '../tracking/index.ts'
import { DriverFixes } from './driver-fixes.ts'
import { EventStream } from './event-stream.ts'
import { TripWatches } from './trip-watches.ts'

export const HEARTBEAT_SECONDS = 10

export type LiveContext = {
  readonly platform: Platform
  readonly roster: Roster
  readonly commands: Commands
  /** Whom a fresh token speaks for, or why for nobody. */
  readonly identify: (token: string) => Promise<Admission | undefined>
}

type Hello = Extract<ClientFrame, { t: 'hello' }>

/** An open `/v1/live` socket of one account, from its hello on. */
export class LiveConnection {
  readonly #context: LiveContext
  readonly #session: SocketSession
  readonly #principal: Admission
  readonly #id = newId<SessionId>()
  readonly #events: EventStream
  readonly #watches: TripWatches
  readonly #fixes: DriverFixes

  constructor(context: LiveContext, principal: Admission, session: SocketSession) {
    this.#context = context
    this.#principal = principal
    this.#session = session
    this.#watches = new TripWatches(context, principal, session)
    this.#fixes = new DriverFixes(context, principal, session)
    this.#events = new EventStream(context.platform.news, principal, session, (event) => {
      if (event.kind === 'trip.changed' && isOver(event.data.status))
        this.#watches.end(event.data.tripId as TripId)
    })
  }

  async start({ resume }: Hello): Promise<void> {
    const { accountId, role, expiresAt } = this.#principal
    await this.#events.start(resume, (start) => {
      this.#send({
        t: 'welcome',
        session: this.#id,
        accountId,
        role,
        ...start,
        heartbeatSeconds: HEARTBEAT_SECONDS,
        serverTime: this.#context.platform.clock.now().toISOString(),
        expiresAt: expiresAt.toISOString(),
      })
    })
    this.#fixes.start()
  }

  /** The heartbeat: where the stream ends. */
  pos(): string {
    const serverTime = this.#context.platform.clock.now().toISOString()
    return JSON.stringify({ t: 'pos', seq: this.#events.seq, serverTime } satisfies ServerFrame)
  }

  /** A frame after the hello. */
  async take(frame: ClientFrame): Promise<void> {
    try {
      await this.#answer(frame)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.#complain(error)
    }
  }

  /** What waits for nothing; false for what has to wait its turn. */
  takeAtOnce(frame: ClientFrame): boolean {
    if (frame.t === 'ack') return true
    if (frame.t !== 'loc' || !this.#fixes.isKnown) return false
    try {
      this.#fixes.report(frame)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.#complain(error)
    }
    return true
  }

  async #answer(frame: ClientFrame): Promise<void> {
    switch (frame.t) {
      case 'hello':
        throw new Refusal('invalid-request', { frame: 'hello was said already' })
      case 'ack':
        return
      case 'resume':
        await this.#events.resume(frame.seq)
        return
      case 'auth':
        await this.#renew(frame.token)
        return
      case 'cmd':
        await this.#run(frame)
        return
      case 'loc':
        await this.#fixes.enter(frame)
        return
      case 'trail':
        await this.#fixes.keepTrail(frame)
        return
      case 'watch':
        if (frame.on) await this.#watches.begin(frame.tripId as TripId)
        else this.#watches.end(frame.tripId as TripId)
    }
  }

  async #run(command: Command): Promise<void> {
    const answer = await this.#context.commands.run(this.#principal, command)
    this.#send({ t: 'res', id: command.id, ...answer })
  }

  async #renew(token: string): Promise<void> {
    const principal = await this.#context.identify(token)
    if (principal?.accountId !== this.#principal.accountId) throw new Refusal('not-authenticated')
    this.#send({ t: 'auth', expiresAt: principal.expiresAt.toISOString() })
  }

  #complain({ code, message }: Refusal): void {
    this.#send({ t: 'problem', code, title: message })
  }

  #send(frame: ServerFrame): void {
    this.#session.send(JSON.stringify(frame))
  }
}

const isOver = (status: string): boolean =>
  status === 'completed' || status === 'cancelled' || status === 'expired'
