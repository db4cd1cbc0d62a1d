/** As much of a WebSocket as is used: the browser's and that of `ws` both fit. */
export type Socket = {
  readonly readyState: number
  send(text: string): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'open' | 'error', listener: (event: object) => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void
}

/** The global one where there is one; Node 20 has none: `import { WebSocket } from 'ws'`. */
export type SocketConstructor = new (url: string, protocols?: string) => Socket

export const OPEN = 1
