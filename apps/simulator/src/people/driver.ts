import type { Identity, PicturePlace, Toota } from '@toota/sdk'
import { setTimeout as pause } from 'node:timers/promises'
import type { FleetMember } from '../city.ts'
import { seededRandom } from '../random.ts'
import type { Cab } from './cab.ts'
import { enrol } from './enrol.ts'
import { haul } from './haul.ts'
import { consider } from './offer.ts'
import { newPapers, newPicture } from './papers.ts'
import { startWheels } from './wheels.ts'
import { reportStops, type KnownDriver, type World } from './world.ts'

export type Driver = KnownDriver & {
  readonly vehicleClass: string
  readonly toota: Toota
  /** Cents that customers have handed over. */
  readonly cashMinor: () => number
  /** Comes to rest when the trip under way has ended. */
  leave(): Promise<void>
}

const LOOK_UP_MS = 100
const PAUSE_AFTER_TROUBLE_MS = 500

export async function joinAsDriver(world: World, member: FleetMember, index: number): Promise<Driver> {
  let isLeaving = false
  const { toota, identity } = await register(world, member)
  const name = `${member.firstName} ${member.lastName.slice(0, 1)}.`
  const cab: Cab = {
    world,
    toota,
    id: identity.accountId,
    name,
    random: seededRandom(world.seed, `driver ${index}`),
    wheels: startWheels(toota, member.position),
    cashMinor: 0,
    cancelled: new Set(),
    ended: new Set(),
    isLeaving: () => isLeaving,
  }
  reportStops(world, toota, name)
  const offers = listen(cab)
  await toota.live.connect()
  const shift = work(cab, offers)
  return {
    id: cab.id,
    name,
    toota,
    cashMinor: () => cab.cashMinor,
    vehicleClass: member.vehicleClass,
    leave: async () => {
      isLeaving = true
      await shift
      cab.wheels.stop()
      toota.live.close()
    },
  }
}

async function register(world: World, member: FleetMember): Promise<{ toota: Toota; identity: Identity }> {
  const papers = newPapers(member.firstName)
  const person = await enrol(world.baseUrl, 'driver', papers)
  const upload = (place: PicturePlace): Promise<string> =>
    person.toota.account.uploadPicture(place, newPicture())
  await person.toota.driving.apply({
    firstName: member.firstName,
    lastName: member.lastName,
    physicalAddress: '12 Commissioner Street, Johannesburg',
    phone: papers.phone,
    vehicleClass: member.vehicleClass,
    vehicleRegistration: papers.registration,
    loadCapacityKg: member.loadCapacityKg,
    pictures: {
      profile: await upload('profile'),
      licence: await upload('licence'),
      carFront: await upload('car-front'),
      carBack: await upload('car-back'),
    },
  })
  return person
}

/** What the driver hears: offers that come in, and what has ended. Answers with the offers not yet looked at. */
function listen({ toota, cancelled, ended }: Cab): string[] {
  const offers: string[] = []
  toota.live.on('offer.opened', ({ data }) => void offers.push(data.offerId))
  toota.live.on('offer.ended', ({ data }) => void ended.add(data.offerId))
  toota.live.on('trip.changed', ({ data }) => {
    if (data.status === 'cancelled') cancelled.add(data.tripId)
  })
  return offers
}

/** One offer or trip at a time, as the server promises. */
async function work(cab: Cab, offers: string[]): Promise<void> {
  while (!cab.isLeaving()) {
    const offerId = offers.shift()
    if (offerId === undefined) {
      await pause(LOOK_UP_MS)
      continue
    }
    try {
      const offer = (await cab.toota.driving.openOffers()).find(({ id }) => id === offerId)
      if (offer && (await consider(cab, offer))) await haul(cab, offer)
    } catch (error) {
      cab.world.trouble(`${cab.name} gave up: ${error instanceof Error ? error.message : String(error)}`)
      await pause(PAUSE_AFTER_TROUBLE_MS)
    }
  }
}
