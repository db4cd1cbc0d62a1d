import { setTimeout as pause } from 'node:timers/promises'
import type { FleetMember } from '../city.ts'
import { enrol, type Session } from '../client/accounts.ts'
import { converse, type Conversation } from '../client/conversation.ts'
import { readText } from '../client/reading.ts'
import { callOk } from '../client/rest.ts'
import { seededRandom } from '../random.ts'
import type { Cab } from './cab.ts'
import { haul } from './haul.ts'
import { consider, readOffer } from './offer.ts'
import { newPapers, newPicture } from './papers.ts'
import { startWheels } from './wheels.ts'
import { retryDelayMs, type KnownDriver, type World } from './world.ts'

export type Driver = KnownDriver & {
  readonly vehicleType: string
  /** Comes to rest when the trip under way has ended. */
  leave(): Promise<void>
}

const LOOK_UP_MS = 500

export async function joinAsDriver(world: World, member: FleetMember, index: number): Promise<Driver> {
  let isLeaving = false
  const session = await register(world, member)
  const name = `${member.firstName} ${member.lastName.slice(0, 1)}.`
  const wheels = await startWheels(world, session.accessToken, member.position)
  const random = seededRandom(world.seed, `driver ${index}`)
  const cab: Cab = { world, session, name, random, wheels, cancelled: new Set(), isLeaving: () => isLeaving }
  const desk = await openDesk(cab)
  const shift = work(cab, desk)
  return {
    id: session.accountId,
    name,
    vehicleType: member.vehicleType,
    leave: async () => {
      isLeaving = true
      await shift
      await Promise.all([desk.close(), wheels.close()])
    },
  }
}

async function register(world: World, member: FleetMember): Promise<Session> {
  const papers = newPapers(member.firstName)
  const session = await enrol(world.rest, 'driver', papers.email, papers.password)
  await callOk(world.rest, 'PUT', '/auth/kyc-update/driver/', {
    token: session.accessToken,
    isRepeatable: true,
    form: {
      first_name: member.firstName,
      last_name: member.lastName,
      physical_address: '12 Commissioner Street, Johannesburg',
      phone_number: papers.phone,
      vehicle_registration: papers.registration,
      vehicle_type: member.vehicleType,
      vehicle_load_capacity: String(member.loadCapacityTons),
      profile_pic: newPicture(),
      license_image: newPicture(),
      car_images: [newPicture(), newPicture()],
    },
  })
  return session
}

/** The response socket: offers come in, answers go out. */
function openDesk(cab: Cab): Promise<Conversation> {
  return converse({
    baseUrl: cab.world.rest.baseUrl,
    path: '/ws/trips/driver/response/',
    accessToken: cab.session.accessToken,
    retryDelayMs,
    overhear: (message) => {
      const tripId = readText(message, 'trip_id')
      if (tripId !== undefined && readText(message, 'type') === 'trip_cancelled') cab.cancelled.add(tripId)
    },
  })
}

/** One offer or trip at a time, as the server promises. */
async function work(cab: Cab, desk: Conversation): Promise<void> {
  while (!cab.isLeaving()) {
    const offer = await desk.hear(readOffer, LOOK_UP_MS)
    if (typeof offer === 'string') continue
    try {
      if (await consider(cab, desk, offer)) await haul(cab, offer)
    } catch (error) {
      cab.world.trouble(`${cab.name} gave up: ${error instanceof Error ? error.message : String(error)}`)
      await pause(LOOK_UP_MS)
    }
  }
}
