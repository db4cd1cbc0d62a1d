import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { pipe, type Wire, type Direction, type Fault, type Toxic } from './fault-pipe.ts'
import { createRandom } from '../random.ts'

export type FaultProxy = Awaited<ReturnType<typeof startFaultProxy>>

/** One client's connection through the proxy. */
export type Line = {
  readonly number: number
  /** RST to both ends. */
  reset(): void
  /** Nothing passes in either direction, and neither end is told, until it thaws. */
  freeze(): void
  thaw(): void
}

type Target = { readonly host?: string; readonly port: number }
type Options = {
  /** A function is asked with each new line: a balancer. */
  readonly upstream: Target | (() => Target)
  readonly seed?: number
  readonly port?: number
}

/** A TCP proxy with faults, for every client that connects to its port. */
export async function startFaultProxy({ upstream, seed = 1, port = 0 }: Options) {
  const faults = new Set<Fault>()
  const lines = new Map<number, OpenLine>()
  const random = createRandom(seed)
  let target = upstream
  let count = 0

  const changed = (): void => {
    for (const line of lines.values()) line.faultsChanged()
  }
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const number = ++count
    const to = typeof target === 'function' ? target() : target
    const line = openLine(client, to, number, { faults, random: createRandom(seed * 7919 + number) })
    lines.set(number, line)
    line.onOver(() => lines.delete(number))
  })
  const listen = (on: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(on, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  await listen(port)
  const { port: ownPort } = server.address() as AddressInfo
  const cut = (): void => {
    for (const line of lines.values()) line.reset()
  }
  const stopListening = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      cut()
    })

  return {
    port: ownPort,
    /** A line of chance of this proxy's seed, for who plays with it. */
    random,
    /** Begins at once, for open lines too; ends it by the function it answers. */
    add(direction: Direction, toxic: Toxic): () => void {
      const fault: Fault = { ...toxic, direction }
      faults.add(fault)
      changed()
      return () => {
        faults.delete(fault)
        changed()
      }
    },
    /** Everything passes again; what is frozen thaws. */
    heal(): void {
      faults.clear()
      for (const line of lines.values()) line.thaw()
      changed()
    },
    faults: (): readonly Fault[] => [...faults],
    lines: (): readonly Line[] => [...lines.values()],
    cut,
    /** Nobody gets in, and who is in is thrown out; ends with `up`. */
    down: async (): Promise<void> => {
      if (server.listening) await stopListening()
    },
    up: async (): Promise<void> => {
      if (!server.listening) await listen(ownPort)
    },
    /** Where new connections go from now on. */
    moveTo(next: Target): void {
      target = next
    },
    close: async (): Promise<void> => {
      if (server.listening) await stopListening()
    },
  }
}

type OpenLine = Line & { faultsChanged(): void; onOver(told: () => void): void }
type World = { readonly faults: ReadonlySet<Fault>; readonly random: () => number }

const FREEZES: readonly Fault[] = (['upstream', 'downstream'] as const).map((direction) => ({
  type: 'timeout',
  ms: 0,
  direction,
}))

function openLine(client: Socket, upstream: Target, number: number, world: World): OpenLine {
  const server = connect({ host: '127.0.0.1', ...upstream, allowHalfOpen: true, noDelay: true })
  const timers = new Map<Fault, NodeJS.Timeout>()
  const waiting = new Set<() => void>()
  const told: (() => void)[] = []
  let isOver = false
  let isFrozen = false

  const all = (): readonly Fault[] => (isFrozen ? [...world.faults, ...FREEZES] : [...world.faults])
  const over = (close: (socket: Socket) => void): void => {
    if (isOver) return
    isOver = true
    for (const timer of timers.values()) clearTimeout(timer)
    for (const socket of [client, server]) close(socket)
    for (const wake of waiting) wake()
    for (const tell of told) tell()
  }
  const reset = (): void => over((socket) => socket.resetAndDestroy())
  const isBlackHole = (): boolean => all().some(({ type }) => type === 'timeout')
  const faultsChanged = (): void => {
    const now = all()
    for (const [fault, timer] of timers) if (!now.includes(fault)) clearTimeout(timer)
    for (const fault of now) {
      if (timers.has(fault)) continue
      if (fault.type === 'reset_peer') timers.set(fault, setTimeout(reset, fault.ms))
      if (fault.type === 'timeout' && fault.ms > 0)
        timers.set(
          fault,
          setTimeout(() => over((socket) => socket.destroy()), fault.ms),
        )
    }
    for (const wake of waiting) wake()
    waiting.clear()
    if (!isBlackHole() && (client.destroyed || server.destroyed)) endOfBoth()
  }
  // An RST of one end is an RST for the other; two ends that both said goodbye are over.
  const endOfBoth = (): void => {
    if (client.destroyed && server.destroyed) over(() => undefined)
    else if ([client, server].some((socket) => socket.errored !== null)) reset()
  }
  const wire = (direction: Direction): Wire => ({
    faults: () => all().filter((fault) => fault.direction === direction),
    random: world.random,
    over,
    changed: () => new Promise<void>((resolve) => void waiting.add(resolve)),
    isOver: () => isOver,
  })
  for (const socket of [client, server]) {
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (!isBlackHole()) endOfBoth()
    })
  }
  pipe(client, server, wire('upstream'))
  pipe(server, client, wire('downstream'))
  faultsChanged()

  return {
    number,
    reset,
    freeze: () => {
      isFrozen = true
      faultsChanged()
    },
    thaw: () => {
      isFrozen = false
      faultsChanged()
    },
    faultsChanged,
    onOver: (tell) => void told.push(tell),
  }
}
