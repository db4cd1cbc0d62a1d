import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Json } from './wire.ts'

/** A state that the server has acknowledged to somebody, by a 2xx answer or a message. */
export type Ack =
  | { readonly what: 'signed-up' | 'verified' | 'applied'; readonly email: string }
  | { readonly what: 'trip' | 'payment' | 'cash'; readonly tripId: string }
  | { readonly what: 'offer' | 'rejected' | 'expired'; readonly tripId: string; readonly driverId?: string }
  /** In the words of the wire. */
  | { readonly what: 'status'; readonly tripId: string; readonly status: string }

export type Acks = {
  readonly note: (ack: Ack) => void
  /** Everything noted so far, read back from the disk. */
  read(): Promise<Ack[]>
  close(): void
}

export function openAcks(path: string): Acks {
  const writer = fork(fileURLToPath(new URL('ack-writer.mjs', import.meta.url)), [path], { execArgv: [] })
  let flushes = 0
  return {
    note: (ack) => void writer.send({ line: JSON.stringify(ack) }),
    async read() {
      const flush = ++flushes
      writer.send({ flush })
      for (;;) {
        const [answer] = (await once(writer, 'message')) as [{ flushed: number }]
        if (answer.flushed === flush) break
      }
      const text = await readFile(path, 'utf8')
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Ack)
    },
    close: () => void writer.kill(),
  }
}

/** What a message to an account acknowledges, if anything. */
export function ackOf(message: Json, driverId?: string): Ack | undefined {
  const { type, status, trip_status: tripStatus, payment_status: payment } = message
  const text = typeof message['message'] === 'string' ? message['message'] : ''
  const details = message['trip_details'] as Json | undefined
  const tripId = (message['trip_id'] ?? details?.['trip_id']) as string | undefined
  if (tripId === undefined || 'error' in message) return undefined
  const who = { tripId, ...(driverId !== undefined && { driverId }) }

  if (text.startsWith('Trip created')) return { what: 'trip', tripId }
  if (text === 'Awaiting driver response' || type === 'new_trip_request') return { what: 'offer', ...who }
  if (type === 'offer_expired' || text.startsWith('Driver did not respond'))
    return { what: 'expired', ...who }
  if (status === 'rejected' || text === `Trip ${tripId} rejected`) return { what: 'rejected', ...who }
  if (type === 'trip_accepted_confirmation') return { what: 'status', tripId, status: 'accepted' }
  if (type === 'trip_status_update' || type === 'trip_cancelled')
    return { what: 'status', tripId, status: String(status) }
  if (payment === 'received') return { what: 'cash', tripId }
  const word = tripStatus ?? payment
  return typeof word === 'string' ? { what: 'status', tripId, status: word } : undefined
}
