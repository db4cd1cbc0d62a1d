import { TRIP_STATUSES, type Actor } from '@toota/contract'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../../kernel/index.ts'
import { isActive, isLoaded, requireTransition, TRANSITIONS } from './trip.ts'

const ACTORS: readonly Actor[] = ['customer', 'driver', 'staff', 'system']
const FINAL = ['completed', 'cancelled', 'expired'] as const

describe('transitions', () => {
  it('[TR2] the driver goes forward only', () => {
    const order = TRIP_STATUSES.filter((status) => status !== 'cancelled' && status !== 'expired')
    for (const [from, targets] of Object.entries(TRANSITIONS.driver)) {
      for (const to of targets.filter((status) => status !== 'cancelled')) {
        expect(order.findIndex((status) => status === to)).toBeGreaterThan(
          order.findIndex((status) => status === from),
        )
      }
    }
  })

  it('[TR2] on the way, picked up and arrived at destination may be skipped, completed needs the load', () => {
    const may = (
      from: 'accepted' | 'arrived_pickup' | 'loaded' | 'in_transit' | 'en_route',
      to: 'arrived_pickup' | 'in_transit' | 'completed',
    ) => TRANSITIONS.driver[from]?.includes(to)
    expect(may('accepted', 'arrived_pickup')).toBe(true)
    expect(may('arrived_pickup', 'in_transit')).toBe(true)
    expect(may('in_transit', 'completed')).toBe(true)
    expect(may('loaded', 'completed')).toBe(true)
    expect(may('arrived_pickup', 'completed')).toBe(false)
    expect(may('accepted', 'in_transit')).toBe(false)
  })

  it('[TR4] customers and drivers cancel until the load is on the truck, staff until the end', () => {
    const cancellable = (actor: Actor) =>
      TRIP_STATUSES.filter((from) => TRANSITIONS[actor][from]?.includes('cancelled'))
    expect(cancellable('customer')).toEqual(['pending', 'accepted', 'en_route', 'arrived_pickup'])
    expect(cancellable('driver')).toEqual(['accepted', 'en_route', 'arrived_pickup'])
    expect(cancellable('staff')).toEqual(
      TRIP_STATUSES.filter((from) => !FINAL.some((final) => final === from)),
    )
  })

  it('[TR5] nobody leads a trip out of a final status', () => {
    for (const actor of ACTORS) for (const from of FINAL) expect(TRANSITIONS[actor][from]).toBeUndefined()
  })

  it('[TR2] a refused step names both statuses', () => {
    expect(() => requireTransition({ status: 'accepted' }, 'completed', 'driver')).toThrow(
      expect.objectContaining({
        code: 'illegal-transition',
        details: { from: 'accepted', to: 'completed' },
      }) as Refusal,
    )
  })

  it('[TR6] active is what keeps a driver busy', () => {
    expect(TRIP_STATUSES.filter(isActive)).toEqual([
      'accepted',
      'en_route',
      'arrived_pickup',
      'loaded',
      'in_transit',
      'arrived_dest',
    ])
  })

  it('[PA3] the load on the truck means that the fare was due', () => {
    expect(TRIP_STATUSES.filter(isLoaded)).toEqual(['loaded', 'in_transit', 'arrived_dest', 'completed'])
  })
})
