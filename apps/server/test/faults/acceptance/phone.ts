import {
  createMirror,
  createToota,
  type Folded,
  type SocketConstructor,
  type Storage,
  type Toota,
} from '@toota/sdk'
import type { AccountId } from '../../../src/kernel/index.ts'
import { listenNaively } from './naive-listener.ts'

export type Role = 'customer' | 'driver'
export type Member = { readonly id: AccountId; readonly role: Role; readonly token: string }

/** What a client was told, in the order in which it took it for true. */
export type Told =
  | {
      readonly what: 'event'
      readonly epoch: string
      readonly seq: number
      readonly kind: string
      readonly data: Data
    }
  | { readonly what: 'snapshot'; readonly epoch: string; readonly seq: number }
type Data = Readonly<Record<string, unknown>>
export type Event = { readonly kind: string; readonly data: Data }

/** A client of one account and everything that it was told. */
export type Phone = Member & {
  readonly toota: Toota
  readonly told: readonly Told[]
  readonly state: () => Folded
  readonly position: () => number
  /** False after so many milliseconds without one. */
  untilEvent(fits: (event: Event) => boolean, ms: number): Promise<boolean>
  onEvent(listener: (event: Event) => void): void
  report(place: { latitude: number; longitude: number }): void
  close(): void
}

type Options = {
  readonly baseUrl: string
  readonly random: () => number
  readonly WebSocket: SocketConstructor
  /** Takes what comes for all there is: a client that the checker must find out. */
  readonly ignoresGaps?: boolean
  readonly beginsWithSnapshot: boolean
}

const IN_AN_HOUR = () => new Date(Date.now() + 3_500_000).toISOString()

export async function openPhone(member: Member, options: Options): Promise<Phone> {
  const { baseUrl, random, WebSocket, ignoresGaps = false, beginsWithSnapshot } = options
  const toota = createToota({
    baseUrl,
    random,
    WebSocket,
    storage: signedIn(member),
    device: `phone-${member.id}`,
  })
  const told: Told[] = []
  const listeners = new Set<(event: Event) => void>()
  const mirror = createMirror(toota.live)
  const take = (epoch: string, seq: number, { kind, data }: Event): void => {
    told.push({ what: 'event', epoch, seq, kind, data })
    for (const listener of [...listeners]) listener({ kind, data })
  }
  toota.live.on('event', (event) =>
    take(toota.live.position?.epoch ?? '', event.seq, event as unknown as Event),
  )
  toota.live.on('snapshot', ({ epoch, seq }) => told.push({ what: 'snapshot', epoch, seq }))
  const naive = ignoresGaps ? listenNaively(baseUrl, member.token, WebSocket, take) : undefined
  if (!naive) await toota.live.connect({ snapshot: beginsWithSnapshot })

  return {
    ...member,
    toota,
    told,
    state: () => mirror.state,
    position: () => naive?.position() ?? toota.live.position?.seq ?? 0,
    untilEvent: (fits, ms) =>
      new Promise((resolve) => {
        const end = (isMet: boolean): void => {
          listeners.delete(listener)
          clearTimeout(timer)
          resolve(isMet)
        }
        const listener = (event: Event): void => {
          if (fits(event)) end(true)
        }
        const timer = setTimeout(() => end(false), ms)
        listeners.add(listener)
      }),
    onEvent: (listener) => void listeners.add(listener),
    report: (place) => {
      if (naive) toota.driving.reportPosition(place).catch(() => undefined)
      else toota.live.reportPosition(place)
    },
    close: () => {
      naive?.close()
      toota.live.close()
    },
  }
}

/** A storage in which somebody has signed in before. */
function signedIn({ id, role, token }: Member): Storage {
  const tokens = {
    ...{ accountId: id, role, accessToken: token, accessExpiresAt: IN_AN_HOUR() },
    ...{ refreshToken: 'none', refreshExpiresAt: IN_AN_HOUR() },
  }
  const kept = new Map([
    ['toota.session', JSON.stringify({ device: `phone-${id}`, tokens, receivedAtMs: Date.now() })],
  ])
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  }
}
