import type { SocketConstructor } from '@toota/sdk'
import type { Event } from './phone.ts'

const COME_BACK_MS = 200

/**
 * What a client without this protocol's care does: it resumes after the last event that it saw, and takes each newer one as it
 * comes. The saboteur that shows what the checker is worth.
 */
export function listenNaively(
  baseUrl: string,
  token: string,
  WebSocket: SocketConstructor,
  take: (epoch: string, seq: number, event: Event) => void,
): { position(): number; close(): void } {
  let last = { epoch: '', seq: 0 }
  let isOver = false
  let close = (): void => undefined
  const open = (): void => {
    const socket = new WebSocket(`${baseUrl.replace(/^http/, 'ws')}/v1/live`, 'toota.v1')
    close = () => socket.close()
    socket.addEventListener('error', () => undefined)
    socket.addEventListener('open', () => {
      const resume = last.epoch === '' ? {} : { resume: last }
      socket.send(JSON.stringify({ t: 'hello', v: 1, token, ...resume }))
    })
    socket.addEventListener('message', ({ data }) => {
      const frame = JSON.parse(String(data)) as { t: string; seq: number; epoch: string } & Event
      if (frame.t === 'welcome' && last.epoch === '') last = { epoch: frame.epoch, seq: frame.seq }
      if (frame.t !== 'evt' || frame.seq <= last.seq) return
      last = { epoch: last.epoch, seq: frame.seq }
      take(last.epoch, frame.seq, frame)
    })
    socket.addEventListener('close', () => {
      if (!isOver) setTimeout(open, COME_BACK_MS)
    })
  }
  open()
  return {
    position: () => last.seq,
    close: () => {
      isOver = true
      close()
    },
  }
}
