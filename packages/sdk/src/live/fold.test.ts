import { describe, expect, it } from 'vitest'
import { createMirror, fold, NOTHING, type Folded } from './fold.ts'
import type { LiveEvent } from './frames.ts'
import type { LiveEvents } from './live-events.ts'
import { Listeners } from './listeners.ts'
import type { StateSnapshot } from './stream.ts'

type Kind = LiveEvent['kind']
type DataOf<K extends Kind> = Extract<LiveEvent, { kind: K }>['data']

let seq = 0
const event = <K extends Kind>(kind: K, data: Partial<DataOf<K>>): LiveEvent =>
  ({ t: 'evt', seq: ++seq, at: '2026-01-01T00:00:00Z', kind, data }) as unknown as LiveEvent
const changed = (tripId: string, version: number, status: DataOf<'trip.changed'>['status']): LiveEvent =>
  event('trip.changed', { tripId, version, status })
const after = (...news: (LiveEvent | StateSnapshot)[]): Folded => news.reduce(fold, NOTHING)

const SNAPSHOT = {
  epoch: 'e1',
  seq: 7,
  reason: 'pruned',
  state: {
    trips: [{ id: 'a', status: 'en_route', version: 4, payment: { method: 'cash', status: 'pending' } }],
    offers: [{ id: 'o', tripId: 'b' }],
  },
} as unknown as StateSnapshot

describe('the folded state', () => {
  it('[SK36] of a trip the newer version wins, in whatever order it is told', () => {
    const events = [changed('a', 1, 'pending'), changed('a', 2, 'accepted'), changed('a', 3, 'en_route')]
    for (const order of [events, [...events].reverse(), [events[1]!, events[2]!, events[0]!]])
      expect(after(...order).trips.get('a')).toEqual({ id: 'a', status: 'en_route', version: 3 })
  })

  it('[SK36] repeats change nothing, and what is given is not changed', () => {
    const before = after(changed('a', 2, 'accepted'))
    expect(fold(before, changed('a', 2, 'accepted'))).toBe(before)
    expect(fold(before, changed('a', 3, 'en_route')).trips.get('a')?.version).toBe(3)
    expect(before.trips.get('a')?.version).toBe(2)
  })

  it('[SK36] a snapshot replaces all, and older events do not turn it back', () => {
    const state = after(changed('gone', 9, 'in_transit'), SNAPSHOT, changed('a', 3, 'accepted'))
    expect([...state.trips.values()]).toEqual([
      { id: 'a', status: 'en_route', version: 4, payment: { method: 'cash', status: 'pending' } },
    ])
    expect(state.openOffer).toEqual({ id: 'o', tripId: 'b' })
  })

  it('[SK36] knows the offer that is open, and how a known trip is paid', () => {
    const opened = after(event('offer.opened', { offerId: 'o', tripId: 'a' }))
    expect(opened.openOffer).toEqual({ id: 'o', tripId: 'a' })
    expect(fold(opened, event('offer.ended', { offerId: 'older' })).openOffer).toEqual(opened.openOffer)
    expect(fold(opened, event('offer.ended', { offerId: 'o' })).openOffer).toBeUndefined()
    // No event of its own says that an offer was accepted.
    expect(fold(opened, changed('b', 2, 'accepted')).openOffer).toEqual(opened.openOffer)
    expect(fold(opened, changed('a', 2, 'accepted')).openOffer).toBeUndefined()
    const paid = event('payment.changed', { tripId: 'a', method: 'card', status: 'success' })
    expect(fold(after(changed('a', 1, 'pending')), paid).trips.get('a')?.payment?.status).toBe('success')
    expect(fold(opened, paid)).toBe(opened)
    expect(fold(opened, event('profile.changed', {}))).toBe(opened)
  })

  it('[SK36] a mirror folds what is told until it is stopped', () => {
    const listeners = new Listeners<LiveEvents>()
    const mirror = createMirror({ on: listeners.on.bind(listeners) })
    listeners.emit('snapshot', SNAPSHOT)
    listeners.emit('event', changed('a', 5, 'arrived_pickup'))
    expect(mirror.state.trips.get('a')?.status).toBe('arrived_pickup')
    mirror.stop()
    listeners.emit('event', changed('a', 6, 'loaded'))
    expect(mirror.state.trips.get('a')?.status).toBe('arrived_pickup')
  })
})
