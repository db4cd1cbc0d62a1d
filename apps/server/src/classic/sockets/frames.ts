import type { Frame } from '../../platform/socket/index.ts'
import type { Message } from './routes.ts'

/** An old script keeps its connection warm with this bare word; it wants no answer. */
const BARE_PING = 'ping'

/** The JSON object in a frame; `ignore` for a bare ping, `malformed` for everything else. */
export function parseFrame(frame: Frame): Message | 'ignore' | 'malformed' {
  if ('binary' in frame) return 'malformed'
  if (frame.text.trim() === BARE_PING) return 'ignore'
  try {
    const value: unknown = JSON.parse(frame.text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Message)
      : 'malformed'
  } catch {
    return 'malformed'
  }
}

/** How a value that should have been a word is quoted back in an error. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, 100)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  // Never serialized: it may be nested deeper than the stack.
  return value === undefined || value === null ? 'None' : Array.isArray(value) ? 'list' : 'dict'
}
