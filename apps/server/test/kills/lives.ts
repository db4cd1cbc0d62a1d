import { setTimeout as pause } from 'node:timers/promises'
import type { Member } from './accounts.ts'
import { ackOf, type Ack } from './acks.ts'
import type { Json, Line, Wire } from './wire.ts'

export type Life = {
  readonly wire: Wire
  readonly note: (ack: Ack) => void
  readonly random: () => number
  readonly isOver: () => boolean
}

/** What a driver remembers over a restart: a trip he was asked about and may be on. */
export type Cab = Member & { tripId: string | undefined }

const PICKUP = { latitude: -26.2041, longitude: 28.0473 }
const STEPS = [
  'on the way',
  'arrived at pickup',
  'picked up',
  'in_progress',
  'arrived at destination',
  'completed',
]
const FIX_EVERY_MS = 400

const about =
  (tripId: string) =>
  (message: Json): boolean =>
    message['trip_id'] === tripId
const isRefusal = (message: Json): boolean => 'error' in message

/** Asks for trips and drivers, sometimes cancels, until the server is gone. */
export async function liveAsCustomer(life: Life, customer: Member): Promise<void> {
  const desk = await open(life, customer, '/ws/trips/user/request/')
  while (!life.isOver()) {
    desk.send({
      action: 'create_trip',
      vehicle_type: 'Bakkie',
      pickup: '1 Commissioner Street',
      destination: '5 Rivonia Road',
      pickup_lat: PICKUP.latitude,
      pickup_lon: PICKUP.longitude,
      dest_lat: -26.1076,
      dest_lon: 28.0567,
      load_description: 'two sofas',
    })
    const created = await desk.next(
      (message) =>
        'available_drivers' in message &&
        message['message'] === 'Trip created successfully - select a driver',
    )
    const tripId = String(created['trip_id'])
    const json = { trip_id: tripId, payment_method: 'cash', currency: 'ZAR', location: 'ZA' }
    const paid = await life.wire.call('POST', '/payment/', { token: customer.token, json })
    if (paid.status === 200) life.note({ what: 'payment', tripId })
    if (await findDriver(life, customer, desk, tripId)) await watch(life, customer, tripId)
  }
}

/** Asks one available driver after the other; true once somebody takes the trip. */
async function findDriver(life: Life, customer: Member, desk: Line, tripId: string): Promise<boolean> {
  const { wire, random, isOver, note } = life
  while (!isOver()) {
    const path = `/trip/find-driver/?pickup_lat=${PICKUP.latitude}&pickup_lon=${PICKUP.longitude}`
    const { body } = await wire.call('GET', path, { token: customer.token })
    const drivers = (body['drivers'] ?? []) as { id: string }[]
    const driver = drivers[Math.floor(random() * drivers.length)]
    if (!driver) {
      await pause(40)
      continue
    }
    desk.send({ action: 'confirm_driver', trip_id: tripId, driver_id: driver.id })
    const answer = await desk.next(
      (message) => isRefusal(message) || message['message'] === 'Awaiting driver response',
    )
    if (isRefusal(answer)) continue
    if (random() < 0.1) {
      await pause(random() * 200)
      const { status } = await wire.call('POST', `/trips/${tripId}/status/`, {
        token: customer.token,
        json: { status: 'cancelled' },
      })
      if (status === 200) note({ what: 'status', tripId, status: 'cancelled' })
    }
    const outcome = await desk.next(
      (message) => about(tripId)(message) && message['message'] !== 'Awaiting driver response',
    )
    if (outcome['status'] === 'accepted') return true
    if (outcome['status'] === 'cancelled') return false
  }
  return false
}

/** Follows the trip to its end, and sometimes ends it. */
async function watch({ wire, note, random, isOver }: Life, customer: Member, tripId: string): Promise<void> {
  const line = await open({ wire, note, random, isOver }, customer, `/ws/trips/user/status/${tripId}/`)
  if (random() < 0.15) {
    await pause(random() * 200)
    const { status } = await wire.call('POST', `/trips/${tripId}/status/`, {
      token: customer.token,
      json: { status: 'cancelled' },
    })
    if (status === 200) note({ what: 'status', tripId, status: 'cancelled' })
  }
  await line.next(({ trip_status: status }) => status === 'completed' || status === 'cancelled')
  line.close()
}

/** Says where he is, answers offers and drives what he took, until the server is gone. */
export async function liveAsDriver(life: Life, cab: Cab): Promise<void> {
  const { random, isOver } = life
  const wheels = await open(life, cab, '/ws/driver/location/')
  const report = (): void =>
    wheels.send({ latitude: PICKUP.latitude + (random() - 0.5) / 50, longitude: PICKUP.longitude })
  report()
  const timer = setInterval(report, FIX_EVERY_MS)
  try {
    const desk = await open(life, cab, '/ws/trips/driver/response/')
    // His yes may have counted though its answer never came.
    if (cab.tripId !== undefined) await drive(life, cab, cab.tripId)
    while (!isOver()) {
      const offer = await desk.next(({ type }) => type === 'new_trip_request')
      const tripId = String((offer['trip_details'] as Json)['trip_id'])
      cab.tripId = tripId
      if (await answer(life, desk, tripId)) await drive(life, cab, tripId)
    }
  } finally {
    clearInterval(timer)
  }
}

async function answer({ random }: Life, desk: Line, tripId: string): Promise<boolean> {
  const mood = random()
  await pause(random() * 150)
  // Some say nothing, and hear of the expiry.
  if (mood >= 0.2) {
    const word = mood < 0.4 ? 'rejected' : 'accepted'
    desk.send({ trip_id: tripId, driver_response_status: word })
  }
  const outcome = await desk.next((message) => isRefusal(message) || about(tripId)(message))
  return outcome['type'] === 'trip_accepted_confirmation'
}

/** Takes the trip from wherever it stands to its end. */
async function drive(life: Life, cab: Cab, tripId: string): Promise<void> {
  const { wire, note, random } = life
  const where = await wire.call('GET', `/trips/${tripId}/status/`, { token: cab.token })
  const reached = STEPS.indexOf(String(where.body['trip_status']))
  if (where.status !== 200 || !['accepted', ...STEPS].includes(String(where.body['trip_status']))) return
  const line = await open(life, cab, `/ws/trips/driver/status/update/${tripId}/`)
  try {
    for (const status of STEPS.slice(reached + 1)) {
      await pause(random() * 60)
      if (random() < 0.3) {
        const answer = await wire.call('POST', `/trips/${tripId}/status/`, {
          token: cab.token,
          json: { status },
        })
        if (answer.status !== 200) return
        note({ what: 'status', tripId, status })
        continue
      }
      line.send({ trip_status: status })
      const told = await line.next(
        (message) =>
          isRefusal(message) ||
          [message['trip_status'], message['payment_status']].some(
            (word) => word === status || word === 'cancelled',
          ),
      )
      if (isRefusal(told) || told['trip_status'] === 'cancelled') return
      if (status === 'arrived at pickup' && random() < 0.5) {
        line.send({ payment_status: 'received' })
        await line.next(
          (message) =>
            isRefusal(message) ||
            message['payment_status'] === 'received' ||
            message['trip_status'] === 'cancelled',
        )
      }
    }
  } finally {
    line.close()
  }
}

async function open({ wire, note }: Life, member: Member, path: string): Promise<Line> {
  return wire.line(path, member.token, (message) => {
    const ack = ackOf(message, member.role === 'driver' ? member.id : undefined)
    if (ack) note(ack)
  })
}
