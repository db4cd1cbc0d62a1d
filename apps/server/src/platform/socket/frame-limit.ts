import type { Rate } from '../throttle.ts'
import type { Frame, RawSocket, SocketEnd, SocketSession } from './session.ts'

/** How many times the rate within one window is no mistake any more. */
const ABUSE = 5
const BETWEEN_COMPLAINTS_MS = 1_000

const TOO_MANY: SocketEnd = { code: 1008, reason: 'too many messages' }

type FrameLimit = { readonly rate: Rate; readonly complaint: string; readonly end?: SocketEnd }

/**
 * Hands on what comes in on one socket as long as it keeps to the rate; pings of the protocol count too. What is over
 * it is dropped, with `complaint` said at most once a second; five times the rate ends the socket.
 */
export function limitFrames(
  socket: RawSocket,
  session: SocketSession,
  { rate, complaint, end = TOO_MANY }: FrameLimit,
  listener: (frame: Frame) => void,
): void {
  let frames = 0
  let windowEndsAt = 0
  let complainedAt = -Infinity

  const isWithin = (): boolean => {
    const now = performance.now()
    const isAbuse = frames > ABUSE * rate.count
    if (now >= windowEndsAt && !isAbuse) {
      frames = 0
      windowEndsAt = now + rate.seconds * 1000
    }
    frames++
    if (frames <= rate.count) return true
    if (frames === ABUSE * rate.count + 1) session.close(end.code, end.reason)
    // One that goes on after the close has no intention of answering it.
    else if (frames > 2 * ABUSE * rate.count) socket.terminate()
    else if (now - complainedAt >= BETWEEN_COMPLAINTS_MS) {
      complainedAt = now
      session.send(complaint)
    }
    return false
  }

  socket.on('ping', isWithin)
  session.onFrame((frame) => {
    if (isWithin()) listener(frame)
  })
}
