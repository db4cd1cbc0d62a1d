import {
  CLOSE_CODES,
  type ClientFrame,
  type CloseCode,
  type Command,
  type ErrorCode,
  type Problem,
  type ServerFrame,
} from '@toota/contract'
import { newId, Refusal, type SessionId, type TripId } from '../../kernel/index.ts'
import type { Commands } from '../../platform/http/commands.ts'
import type { StreamDesk } from '../../platform/news.ts'
import type { Platform } from '../../platform/platform.ts'
import type { SocketEnd, SocketSession } from '../../platform/socket/index.ts'
import type { Admission } from '../accounts/index.ts'
import type { Roster } from '../tracking/index.ts'
import type { CaughtUp } from './catch-up.ts'
import { DriverFixes } from './driver-fixes.ts'
import { EventStream } from './event-stream.ts'
import { Allowance } from './allowance.ts'
import { NewestLoc } from './newest-loc.ts'
import type { Line, Switchboard } from './switchboard.ts'
import { TokenLife } from './token-life.ts'
import { TripWatches } from './trip-watches.ts'

export const HEARTBEAT_SECONDS = 10
const COMMANDS = { perSecond: 20, burst: 40 }

export type LiveContext = {
  readonly platform: Platform
  readonly roster: Roster
  readonly desk: StreamDesk
  readonly switchboard: Switchboard
  readonly commands: Commands
  /** Whom a fresh token speaks for; undefined: nobody. */
  readonly identify: (token: string) => Promise<Admission | undefined>
  readonly problem: (code: ErrorCode, requestId: string) => Problem
}

type Hello = Extract<ClientFrame, { t: 'hello' }>

export const endBy = (code: CloseCode): SocketEnd => ({ code, reason: CLOSE_CODES[code] })

/** An open `/v1/live` socket of one account, from its hello on. */
export class LiveConnection implements Line {
  readonly #id = newId<SessionId>()
  readonly openedAt: number
  #device: string | undefined
  readonly #context: LiveContext
  readonly #session: SocketSession
  readonly #principal: Admission
  readonly #events: EventStream
  readonly #watches: TripWatches
  readonly #fixes: DriverFixes
  readonly #newestLoc: NewestLoc
  readonly #tokenLife: TokenLife
  readonly #allowance = new Allowance(COMMANDS)
  /** As far as the client says that it has come. */
  #acknowledged = 0

  constructor(context: LiveContext, principal: Admission, session: SocketSession) {
    const { platform } = context
    this.openedAt = platform.clock.now().getTime()
    this.#context = context
    this.#principal = principal
    this.#session = session
    this.#watches = new TripWatches(context, principal, session)
    this.#fixes = new DriverFixes(context, principal, session)
    this.#newestLoc = new NewestLoc(platform.clock, session, (loc) =>
      this.#try(() => this.#fixes.report(loc)),
    )
    this.#events = new EventStream(platform, principal, session, (event) => {
      if (event.kind === 'trip.changed' && WITHOUT_DRIVER.has(event.data.status))
        this.#watches.end(event.data.tripId as TripId)
    })
    this.#tokenLife = new TokenLife(platform.clock, session, {
      send: (frame) => this.send(frame),
      end: () => this.end(4005),
    })
  }

  get accountId(): Admission['accountId'] {
    return this.#principal.accountId
  }

  get device(): string | undefined {
    return this.#device
  }

  get epoch(): string {
    return this.#events.epoch
  }

  async start({ resume, device }: Hello): Promise<void> {
    this.#device = device
    await this.#events.start(resume, (caughtUp) => this.#welcome(caughtUp))
    const leave = this.#context.switchboard.add(this)
    this.#session.onClose(() => {
      leave()
      this.#sayWhatIsOpen()
    })
    if (!this.#session.isOpen) leave()
    this.#tokenLife.lastsUntil(this.#principal.expiresAt)
    this.#fixes.start()
  }

  /** The heartbeat: where the stream ends. Nothing while what was missed is still being told. */
  pos(): string | undefined {
    const told = this.#events.seq
    if (told === undefined) return undefined
    const seq = Math.max(told, this.#context.desk.endOf(this.accountId) ?? 0)
    return JSON.stringify({ t: 'pos', seq, serverTime: this.#now().toISOString() } satisfies ServerFrame)
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
    switch (frame.t) {
      case 'ack':
        this.#acknowledged = Math.max(this.#acknowledged, frame.seq)
        return true
      case 'loc':
        if (!this.#fixes.isKnown) return false
        this.#newestLoc.offer(frame)
        return true
      case 'cmd':
        if (this.#allowance.take(this.#now().getTime())) return false
        this.#refuse(frame, 'too-many-requests')
        return true
      default:
        return false
    }
  }

  send(frame: ServerFrame): void {
    this.#session.send(JSON.stringify(frame))
  }

  end(code: CloseCode): void {
    this.#session.end(endBy(code))
  }

  #welcome({ epoch, seq, recovered }: CaughtUp): void {
    const { accountId, role, expiresAt } = this.#principal
    this.send({
      t: 'welcome',
      session: this.#id,
      accountId,
      role,
      epoch,
      seq,
      recovered,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      serverTime: this.#now().toISOString(),
      expiresAt: expiresAt.toISOString(),
    })
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
    const { isOk, status, body } = await this.#context.commands.run(this.#principal, command)
    const head = `"t":"res","id":"${command.id}","status":${status}`
    // As the route wrote it: it is JSON already.
    this.#session.send(`{${head},"ok":${isOk},"${isOk ? 'data' : 'problem'}":${body}}`)
  }

  #refuse({ id }: Command, code: ErrorCode): void {
    const problem = this.#context.problem(code, id)
    this.send({ t: 'res', id, ok: false, status: problem.status, problem })
  }

  async #renew(token: string): Promise<void> {
    const admission = await this.#context.identify(token)
    if (admission?.accountId !== this.accountId) {
      this.end(4501)
      return
    }
    const { sessionId, expiresAt } = admission
    if (sessionId !== this.#principal.sessionId) this.#session.standFor(sessionId, endBy(4504))
    this.#tokenLife.lastsUntil(expiresAt)
    this.send({ t: 'auth', expiresAt: expiresAt.toISOString() })
  }

  #sayWhatIsOpen(): void {
    const unacknowledged = (this.#events.seq ?? 0) - this.#acknowledged
    this.#context.platform.log.debug({ connection: this.#id, unacknowledged }, 'a live connection closed')
  }

  #try(task: () => void): void {
    try {
      task()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.#complain(error)
    }
  }

  #complain({ code, message }: Refusal): void {
    this.send({ t: 'problem', code, title: message })
  }

  #now(): Date {
    return this.#context.platform.clock.now()
  }
}

/** Nobody drives there any more, or another one will. */
const WITHOUT_DRIVER: ReadonlySet<string> = new Set(['pending', 'completed', 'cancelled', 'expired'])
