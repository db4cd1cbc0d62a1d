import { setTimeout as pause } from 'node:timers/promises'
import { TootaError } from '@toota/sdk'
import { JOHANNESBURG, SANDTON } from '../../people.ts'
import type { Event, Phone } from './phone.ts'

/** Something that the server has said is done. */
export type Ack = { readonly tripId: string; readonly status: string }
export type Life = {
  readonly random: () => number
  readonly isOver: () => boolean
  readonly note: (ack: Ack) => void
  /** Between a customer's trips at most, and between a driver's fixes. */
  readonly restMs?: number
  readonly reportMs?: number
}

export const TRIP = {
  pickup: { ...JOHANNESBURG, address: '1 Commissioner Street' },
  destination: { ...SANDTON, address: '5 Rivonia Road' },
  vehicleClass: 'bakkie',
  loadDescription: 'two sofas',
} as const
const STEPS = ['en_route', 'arrived_pickup', 'loaded', 'in_transit', 'completed'] as const
const OVER = ['completed', 'cancelled', 'expired']
const OFFER_PATIENCE_MS = 4_000
const TRIP_PATIENCE_MS = 15_000

const isAbout = (tripId: string, kinds: readonly string[]) => (event: Event) =>
  kinds.includes(event.kind) && event.data['tripId'] === tripId

/** Books one trip after the other, asks drivers by chance, and thinks better of some. */
export async function liveAsCustomer(phone: Phone, drivers: readonly Phone[], life: Life): Promise<void> {
  const { random, isOver, note, restMs = 300 } = life
  while (!isOver()) {
    await forgivingly(async () => {
      const trip = await phone.toota.trips.request(TRIP)
      note({ tripId: trip.id, status: 'pending' })
      await phone.toota.trips.payInCash(trip.id)
      if (await findDriver(phone, trip.id, drivers, life)) {
        const isOverThere = (event: Event) =>
          isAbout(trip.id, ['trip.changed'])(event) && OVER.includes(String(event.data['status']))
        phone.toota.live.watch(trip.id)
        if (random() < 0.8 && (await phone.untilEvent(isOverThere, TRIP_PATIENCE_MS))) return
      }
      await phone.toota.trips.cancel(trip.id)
      note({ tripId: trip.id, status: 'cancelled' })
    })
    await rest(random() * restMs, isOver)
  }
}

async function findDriver(phone: Phone, tripId: string, drivers: readonly Phone[], { random, isOver }: Life) {
  for (let n = 0; n < 5 && !isOver(); n++) {
    const driver = drivers[Math.floor(random() * drivers.length)]
    if (!driver) return false
    let isAccepted = false as boolean
    const answered = phone.untilEvent((event) => {
      isAccepted ||= event.kind === 'trip.changed'
      return isAbout(tripId, ['trip.changed', 'offer.ended'])(event)
    }, OFFER_PATIENCE_MS)
    await forgivingly(async () => {
      await phone.toota.trips.offer(tripId, driver.id)
      await answered
    })
    if (isAccepted) return true
    await pause(random() * 100)
  }
  return false
}

/** Says where he is, answers offers by chance, and drives what he has accepted. */
export async function liveAsDriver(
  phone: Phone,
  { random, isOver, note, reportMs = 1_000 }: Life,
): Promise<void> {
  const { driving } = phone.toota
  const answer = async (id: string, tripId: string): Promise<void> => {
    const chance = random()
    await pause(random() * 200)
    if (chance < 0.7) {
      await driving.accept({ id, tripId })
      note({ tripId, status: 'accepted' })
    } else if (chance < 0.85) await driving.reject({ id })
  }
  const drive = async (tripId: string): Promise<void> => {
    for (const status of STEPS) {
      await pause(random() * 250)
      await driving.reportStatus(tripId, status)
      note({ tripId, status })
    }
  }
  phone.onEvent(({ kind, data }) => {
    const tripId = String(data['tripId'])
    if (kind === 'offer.opened') void forgivingly(() => answer(String(data['offerId']), tripId))
    if (kind === 'trip.changed' && data['status'] === 'accepted') void forgivingly(() => drive(tripId))
  })
  for (let n = 0; !isOver(); n++) {
    phone.report({ latitude: JOHANNESBURG.latitude + (n % 60) * 1e-4, longitude: JOHANNESBURG.longitude })
    await rest(reportMs, isOver)
  }
}

async function rest(ms: number, isOver: () => boolean): Promise<void> {
  for (let left = ms; left > 0 && !isOver(); left -= 500) await pause(Math.min(left, 500))
}

/** What the server refuses, or what became of it nobody knows, is part of life. */
async function forgivingly(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof TootaError)) throw error
  }
}
