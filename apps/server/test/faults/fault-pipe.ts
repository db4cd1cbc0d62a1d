import { setTimeout as pause } from 'node:timers/promises'
import type { Socket } from 'node:net'

/** Towards the server, or towards the client. */
export type Direction = 'upstream' | 'downstream'

/** What can be wrong with one direction of a connection, in Toxiproxy's words. */
export type Toxic =
  | { readonly type: 'latency'; readonly ms: number; readonly jitterMs?: number | undefined }
  | { readonly type: 'bandwidth'; readonly bytesPerSecond: number }
  /** The end is told later. */
  | { readonly type: 'slow_close'; readonly ms: number }
  /** Nothing passes, not even an end. After `ms` the connection is closed; 0 is a black hole for as long as it lasts. */
  | { readonly type: 'timeout'; readonly ms: number }
  /** Both ends get an RST after `ms`. */
  | { readonly type: 'reset_peer'; readonly ms: number }
  /** Pieces of about so many bytes. */
  | { readonly type: 'slicer'; readonly bytes: number; readonly delayMs?: number | undefined }
  /** Once so many bytes have passed, the receiver is told the end and the sender gets an RST. */
  | { readonly type: 'limit_data'; readonly bytes: number }
  /** The same once these words have passed, for where nobody knows their number. */
  | { readonly type: 'cut_after'; readonly text: string }

export type Fault = Toxic & { readonly direction: Direction }
type Of<T extends Toxic['type']> = Extract<Fault, { type: T }>

export type Wire = {
  /** The faults of this direction, as they are now. */
  readonly faults: () => readonly Fault[]
  /** From 0 to below 1, and the same again for the same seed. */
  readonly random: () => number
  /** Closes both ends in the ways given, once. */
  readonly over: (close: (socket: Socket) => void) => void
  /** Resolves at the next change of the faults, or when the connection is over. */
  readonly changed: () => Promise<void>
  readonly isOver: () => boolean
}

type Piece = { readonly data: Buffer; readonly at: number }

/** What is under way in one direction; beyond it the sender feels that nobody reads. */
const MAX_UNDER_WAY = 64 * 1024
const BANDWIDTH_STEPS_PER_SECOND = 20

/** One direction of a connection: what comes from one end goes to the other, through the faults, in order. */
export function pipe(from: Socket, to: Socket, wire: Wire): void {
  const queue: Piece[] = []
  const limits = new Map<Fault, number>()
  let underWay = 0
  let hasEnded = false
  let wake: () => void = () => undefined
  const find = <T extends Toxic['type']>(type: T): Of<T> | undefined =>
    wire.faults().find((fault): fault is Of<T> => fault.type === type)

  from.on('data', (data) => {
    queue.push({ data, at: performance.now() })
    underWay += data.length
    if (underWay > MAX_UNDER_WAY) from.pause()
    wake()
  })
  const end = (): void => {
    hasEnded = true
    wake()
  }
  from.on('end', end)
  from.on('close', end)

  const unlessBlackHole = async (): Promise<void> => {
    while (find('timeout') && !wire.isOver()) await wire.changed()
  }

  /** How much of the piece may pass before the connection is cut; undefined for all of it. */
  const cutOf = (data: Buffer): number | undefined => {
    for (const fault of wire.faults()) {
      if (fault.type === 'limit_data') {
        const left = (limits.get(fault) ?? fault.bytes) - data.length
        limits.set(fault, left)
        if (left <= 0) return data.length + left
      }
      if (fault.type === 'cut_after') {
        const found = data.indexOf(fault.text)
        if (found >= 0) return found + Buffer.byteLength(fault.text)
      }
    }
    return undefined
  }

  const write = async (data: Buffer): Promise<void> => {
    await unlessBlackHole()
    if (wire.isOver() || to.destroyed) return
    const cut = cutOf(data)
    const passes = cut === undefined ? data : data.subarray(0, cut)
    const isTaken = to.write(passes)
    // An RST makes the receiver forget what it has not read yet.
    if (cut !== undefined)
      wire.over((socket) => (socket === to ? to.destroySoon() : socket.resetAndDestroy()))
    else if (!isTaken) await Promise.race([once(to, 'drain'), once(to, 'close')])
  }

  const pass = async ({ data, at }: Piece): Promise<void> => {
    const latency = find('latency')
    if (latency) {
      const wait = latency.ms + (wire.random() * 2 - 1) * (latency.jitterMs ?? 0)
      await rest(at + wait - performance.now())
    }
    for (const slice of slices(data, find('slicer'), find('bandwidth'), wire.random)) {
      if (wire.isOver()) return
      await write(slice)
      await rest(find('slicer')?.delayMs ?? 0)
      const bandwidth = find('bandwidth')
      if (bandwidth) await rest((slice.length / bandwidth.bytesPerSecond) * 1_000)
    }
  }

  const run = async (): Promise<void> => {
    while (!wire.isOver()) {
      const piece = queue.shift()
      if (piece) {
        await pass(piece)
        underWay -= piece.data.length
        if (underWay <= MAX_UNDER_WAY) from.resume()
      } else if (hasEnded) break
      else await new Promise<void>((resolve) => (wake = resolve))
    }
    await unlessBlackHole()
    await rest(find('slow_close')?.ms ?? 0)
    if (!wire.isOver()) to.end()
  }
  void run()
}

/** Slices as large as the slicer wants them, and small enough for the bandwidth to be a steady one. */
function slices(
  data: Buffer,
  slicer: Of<'slicer'> | undefined,
  bandwidth: Of<'bandwidth'> | undefined,
  random: () => number,
): Buffer[] {
  const most = bandwidth ? Math.ceil(bandwidth.bytesPerSecond / BANDWIDTH_STEPS_PER_SECOND) : data.length
  const found: Buffer[] = []
  for (let from = 0; from < data.length;) {
    const wished = slicer ? Math.ceil(slicer.bytes * (0.5 + random())) : data.length
    const to = from + Math.max(1, Math.min(wished, most))
    found.push(data.subarray(from, to))
    from = to
  }
  return found
}

const once = (socket: Socket, event: string): Promise<void> =>
  new Promise((resolve) => void socket.once(event, resolve))

async function rest(ms: number): Promise<void> {
  if (ms > 0) await pause(ms)
}
