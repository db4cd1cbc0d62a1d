import { wasNotSent } from '../http.ts'
import { pause } from '../pause.ts'
import { refusedBy, signedOut, TootaError } from '../problem.ts'
import { backOffMs } from './back-off.ts'
import { COMMANDS, type CommandName } from './commands.ts'
import type { ClientFrame, CommandResult } from './frames.ts'
import type { KeptCommand, KeptCommands } from './kept-commands.ts'

type Args = { readonly params?: Record<string, string>; readonly body?: Record<string, unknown> }

/** Something a person said that the server has not answered yet. */
export type PendingCommand = {
  readonly id: string
  readonly op: CommandName
  readonly args: Args
  /** When it was said, by the device's clock. */
  readonly at: string
}

/** What became of a command, also of one that an earlier run of the program kept. */
export type CommandOutcome = PendingCommand &
  ({ readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly error: unknown })

/** A call over HTTP. `isPatient`: with its own repeats, as where nothing else repeats it. */
export type HttpRoad = (
  command: Pick<PendingCommand, 'id' | 'op' | 'args'>,
  options: { readonly signal?: AbortSignal | undefined; readonly isPatient: boolean },
) => Promise<unknown>

type OutboxOptions = {
  readonly kept: KeptCommands
  readonly byHttp: HttpRoad
  /** False when there is no connection. */
  readonly say: (frame: ClientFrame) => boolean
  readonly now: () => number
  readonly random: () => number
  readonly tell: (outcome: CommandOutcome) => void
}

export type SendOptions = {
  readonly id?: string
  readonly signal?: AbortSignal | undefined
  /** How long it may wait for a connection: what the command allows, unless told. */
  readonly withinMs?: number
}

type Entry = PendingCommand & {
  readonly accountId: string
  readonly untilMs: number
  readonly isKept: boolean
  readonly settle: { resolve(data: unknown): void; reject(error: unknown): void } | undefined
  /** Of the attempt or the pause under way. */
  round: AbortController | undefined
  answer: { resolve(data: unknown): void; reject(error: unknown): void } | undefined
  failures: number
  /** Times that the server failed by a mistake of its own, which another attempt may or may not meet again. */
  defects: number
  mayHaveArrived: boolean
  isOnSocket: boolean
}

const MOST = 200
const MOST_DEFECTS = 5
/** Over the socket; HTTP has its own patience. */
const ANSWER_MS = 15_000

/**
 * What is said to the server: over the socket where there is one, by HTTP with the same id where there is none, and again until it
 * is answered. What concerns the same trip goes in the order in which it was said.
 */
export class Outbox {
  readonly #options: OutboxOptions
  #entries: Entry[] = []
  /** Whose; undefined while the live client is off, and nothing is sent. */
  #accountId: string | undefined

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  get pending(): readonly PendingCommand[] {
    return this.#entries.map(({ id, op, args, at }) => ({ id, op, args, at }))
  }

  /** From now on it sends, first of all what an earlier run of the program left. */
  async start(accountId: string): Promise<void> {
    if (this.#accountId === accountId) return
    this.#accountId = accountId
    const left = await this.#options.kept.of(accountId).catch(() => [])
    const known = new Set(this.#entries.map(({ id }) => id))
    const entries = left.filter(({ id, op }) => !known.has(id) && op in COMMANDS).map(entryOf)
    const strangers = this.#entries.filter((entry) => entry.accountId !== accountId)
    this.#entries = [...entries, ...this.#entries.filter((entry) => entry.accountId === accountId)]
    for (const { settle } of strangers) settle?.reject(signedOut('Somebody else has signed in'))
    this.#work()
  }

  /** What is pending waits for {@link Outbox.start}. */
  stop(): void {
    this.#accountId = undefined
    for (const { round } of this.#entries) round?.abort()
  }

  /** Nobody is left who has said it. */
  async clear(): Promise<void> {
    this.stop()
    const entries = this.#entries
    this.#entries = []
    for (const { settle } of entries) settle?.reject(signedOut('Signed out before it was said'))
    await this.#options.kept.remove(new Set(entries.map(({ id }) => id)))
  }

  /** Another socket: what the last one did not answer is said again, and what waits need not wait. */
  opened(): void {
    for (const entry of this.#entries) {
      entry.failures = 0
      entry.round?.abort()
    }
  }

  /** The socket is gone, and with it the answers that it owed. */
  lost(): void {
    for (const { isOnSocket, round } of this.#entries) if (isOnSocket) round?.abort()
  }

  answered(result: CommandResult): void {
    const answer = this.#entries.find(({ id }) => id === result.id)?.answer
    if (result.ok) answer?.resolve(result.data)
    else answer?.reject(refusedBy(result.problem, result.status))
  }

  /** Its answer, however long that takes. An aborted signal takes back what has not been sent, and stops repeating what has. */
  async send(op: CommandName, args: Args, { id, signal, withinMs }: SendOptions): Promise<unknown> {
    const command = { id: id ?? crypto.randomUUID(), op, args }
    const accountId = this.#accountId
    if (accountId === undefined) return this.#options.byHttp(command, { signal, isPatient: true })
    signal?.throwIfAborted()
    if (this.#entries.length >= MOST) throw full()
    const nowMs = this.#options.now()
    const at = new Date(nowMs).toISOString()
    const { isKept, withinMs: usualMs } = COMMANDS[op]
    const untilMs = nowMs + (withinMs ?? usualMs)
    const told = new Promise<unknown>((resolve, reject) => {
      const settle = { resolve, reject }
      this.#entries.push({ ...command, accountId, at, untilMs, isKept, settle, ...FRESH })
    })
    // What the storage cannot keep is sent all the same.
    if (isKept) this.#options.kept.add({ ...command, accountId, at }).catch(() => undefined)
    const takeBack = (): void => this.#end(command.id, { ok: false, error: signal?.reason })
    signal?.addEventListener('abort', takeBack)
    this.#work()
    return told.finally(() => signal?.removeEventListener('abort', takeBack))
  }

  /** Begins with the oldest command of each trip or offer. */
  #work(): void {
    if (this.#accountId === undefined) return
    const lanes = new Set<unknown>()
    for (const entry of this.#entries) {
      const lane = Object.values(entry.args.params ?? {})[0] ?? entry.id
      if (!lanes.has(lane) && !entry.round) void this.#press(entry)
      lanes.add(lane)
    }
  }

  async #press(entry: Entry): Promise<void> {
    for (let error: unknown; this.#accountId !== undefined && this.#entries.includes(entry);) {
      if (this.#options.now() >= entry.untilMs) {
        this.#end(entry.id, { ok: false, error: tooLate(entry, error) })
        break
      }
      const round = (entry.round = new AbortController())
      try {
        this.#end(entry.id, { ok: true, data: await this.#attempt(entry, round.signal) })
      } catch (caught) {
        if (round.signal.aborted) continue
        error = caught
        if (!isWorthRepeating(error, entry)) this.#end(entry.id, { ok: false, error })
        else await this.#rest(entry, error, round.signal)
      }
    }
    entry.round = undefined
  }

  async #attempt(entry: Entry, signal: AbortSignal): Promise<unknown> {
    const { id, op, args, at } = entry
    const answered = new Promise<unknown>((resolve, reject) => {
      entry.answer = { resolve, reject }
      signal.addEventListener('abort', () => reject(signal.reason as Error))
    })
    // It may be over before anybody waits for it.
    answered.catch(() => undefined)
    let timer: ReturnType<typeof setTimeout> | undefined
    try {
      if (this.#options.say({ t: 'cmd', id, op, args, at })) {
        entry.mayHaveArrived = entry.isOnSocket = true
        timer = setTimeout(() => entry.answer?.reject(noAnswer()), ANSWER_MS)
        return await answered
      }
      if (isOffline()) throw offline()
      // An answer to an earlier attempt over the socket will do.
      return await Promise.race([answered, this.#options.byHttp(entry, { signal, isPatient: false })])
    } catch (error) {
      entry.mayHaveArrived ||= !wasNotSent(error)
      throw error
    } finally {
      clearTimeout(timer)
      entry.isOnSocket = false
    }
  }

  async #rest(entry: Entry, error: TootaError, signal: AbortSignal): Promise<void> {
    const { now, random } = this.#options
    const waitMs = (error.retryAfterMs ?? 0) + backOffMs(entry.failures++, random)
    await pause(Math.min(waitMs, entry.untilMs - now()), signal).catch(() => undefined)
  }

  #end(id: string, outcome: { ok: true; data: unknown } | { ok: false; error: unknown }): void {
    const entry = this.#entries.find((each) => each.id === id)
    if (!entry) return
    this.#entries = this.#entries.filter((each) => each !== entry)
    entry.round?.abort()
    if (entry.isKept) this.#options.kept.remove(new Set([id])).catch(() => undefined)
    if (outcome.ok) entry.settle?.resolve(outcome.data)
    else entry.settle?.reject(outcome.error)
    const { op, args, at } = entry
    this.#options.tell({ id, op, args, at, ...outcome })
    this.#work()
  }
}

const FRESH = {
  round: undefined,
  answer: undefined,
  failures: 0,
  defects: 0,
  mayHaveArrived: false,
  isOnSocket: false,
}

function entryOf({ id, accountId, op, args, at }: KeptCommand): Entry {
  const name = op as CommandName
  const untilMs = Date.parse(at) + COMMANDS[name].withinMs
  return {
    id,
    accountId,
    op: name,
    args,
    at,
    untilMs,
    isKept: true,
    settle: undefined,
    ...FRESH,
    mayHaveArrived: true,
  }
}

/** Who was signed out by the server may sign in again. */
function isWorthRepeating(error: unknown, entry: Entry): error is TootaError {
  if (!(error instanceof TootaError)) return false
  if (error.status === 500 && ++entry.defects > MOST_DEFECTS) return false
  return error.retryable || (entry.isKept && error.status === 401)
}

const isOffline = (): boolean => {
  const { navigator } = globalThis as { navigator?: { onLine?: boolean } }
  return navigator?.onLine === false
}

const offline = (): TootaError =>
  new TootaError({ code: 'offline', message: 'This device is offline', retryable: true })

const noAnswer = (): TootaError =>
  new TootaError({ code: 'timeout', message: `No answer within ${ANSWER_MS} ms`, retryable: true })

const full = (): TootaError =>
  new TootaError({ code: 'outbox-full', message: `${MOST} commands wait for a connection`, retryable: true })

/** Of an offer that nobody has answered in time, the end is known without asking. */
function tooLate({ op, mayHaveArrived }: Entry, error: unknown): unknown {
  const isOffer = op === 'acceptOffer' || op === 'rejectOffer'
  if (!mayHaveArrived && isOffer)
    return new TootaError({
      code: 'offer-closed',
      message: 'There was no connection before the offer ended (offer-closed)',
      status: 409,
      retryable: false,
      cause: error,
    })
  return (
    error ?? new TootaError({ code: 'timeout', message: 'There was no connection in time', retryable: false })
  )
}
