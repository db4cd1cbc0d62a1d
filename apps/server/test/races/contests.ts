import { setTimeout as sleep } from 'node:timers/promises'
import {
  acceptOffer,
  cancelTrip,
  offerTrip,
  rejectOffer,
  viewOpenOffer,
} from '../../src/features/trips/index.ts'
import { newId, type DriverId, type OfferId } from '../../src/kernel/index.ts'
import type { World } from '../world.ts'
import { addRides, newRide, openOffers, type Ride } from './arena.ts'
import type { History } from './history.ts'

export const BATCH = 25
const TOGETHER_MS = 12

/** How long things take on this machine at present, so that deadlines fall among the answers on any. */
export type Pace = { readonly batchMs: number; readonly answerMs: number }

type DeadlineContest = {
  readonly ride: Ride
  readonly driverId: DriverId
  /** Another customer who asks for the driver while he answers. */
  readonly rival: Ride | undefined
  readonly momentMs: number
  readonly lifetimeMs: number
}

/**
 * One batch of offers that are accepted on two sockets, cancelled and (some) rejected, and run out, all at about the same
 * moment; the sweeps run beside it. Answers with the offers.
 */
export async function contestDeadlines(
  world: World,
  history: History,
  random: () => number,
  pace: Pace,
): Promise<OfferId[]> {
  const contests = Array.from({ length: BATCH }, (): DeadlineContest => {
    const momentMs = random() * pace.batchMs * 0.4
    return {
      ride: newRide(),
      driverId: newId<DriverId>(),
      rival: random() < 0.2 ? newRide() : undefined,
      momentMs,
      lifetimeMs: Math.max(1, momentMs + (random() * 2.4 - 0.5) * pace.answerMs),
    }
  })
  const rides = contests.flatMap(({ ride, rival }) => (rival ? [ride, rival] : [ride]))
  const offerIds = await world.db.transaction(async (tx) => {
    await addRides(
      world,
      tx,
      rides,
      contests.map((contest) => contest.driverId),
    )
    return openOffers(tx, contests)
  })
  await Promise.all(
    contests.map((contest, index) => contestDeadline(world, history, random, contest, offerIds[index]!)),
  )
  return offerIds
}

async function contestDeadline(
  { platform }: World,
  history: History,
  random: () => number,
  { ride, driverId, rival, momentMs }: DeadlineContest,
  offerId: OfferId,
): Promise<void> {
  const soon = async (ask: () => Promise<unknown>, withinMs = TOGETHER_MS) => {
    await sleep(momentMs + random() * withinMs)
    await ask()
  }
  const accept = () => history.attempt('accept', offerId, () => acceptOffer(platform, driverId, offerId))
  const canceller = { role: 'customer', accountId: ride.customerId } as const
  const { tripId } = ride
  await Promise.all([
    soon(accept),
    soon(accept),
    soon(
      () => history.attempt('cancel', tripId, () => cancelTrip(platform, tripId, canceller)),
      2 * TOGETHER_MS,
    ),
    random() < 0.15 &&
      soon(() => history.attempt('reject', offerId, () => rejectOffer(platform, driverId, offerId))),
    rival && soon(() => confirm(platform, history, rival, driverId)),
  ])
}

/** Who got the driver; both can, one after the other, if the first one's offer ran out on a slow machine. */
export type Winner = 'first' | 'second' | 'both' | 'nobody'

/**
 * One batch of two customers who confirm one driver at once. Some of the first customers confirm another driver for
 * another trip at the same time, though they may have only one; half of the drivers accept what they got.
 */
export async function contestDrivers(
  world: World,
  history: History,
  random: () => number,
  pace: Pace,
): Promise<Winner[]> {
  const contests = Array.from({ length: BATCH }, () => {
    const first = newRide()
    return {
      first,
      second: newRide(),
      other: random() < 0.25 ? newRide(first.customerId) : undefined,
      driverId: newId<DriverId>(),
      otherDriverId: newId<DriverId>(),
      momentMs: random() * pace.batchMs * 0.4,
    }
  })
  await world.db.transaction((tx) =>
    addRides(
      world,
      tx,
      contests.flatMap(({ first, second, other }) => (other ? [first, second, other] : [first, second])),
      contests.flatMap(({ driverId, otherDriverId }) => [driverId, otherDriverId]),
    ),
  )
  const { platform } = world
  return Promise.all(
    contests.map(async ({ first, second, other, driverId, otherDriverId, momentMs }): Promise<Winner> => {
      const soon = async (ride: Ride, who: DriverId) => {
        await sleep(momentMs + random() * TOGETHER_MS)
        return confirm(platform, history, ride, who)
      }
      const [isFirst, isSecond] = await Promise.all([
        soon(first, driverId),
        soon(second, driverId),
        other && soon(other, otherDriverId),
      ])
      const offer = random() < 0.5 ? await viewOpenOffer(platform, driverId) : undefined
      if (offer) await history.attempt('accept', offer.id, () => acceptOffer(platform, driverId, offer.id))
      if (isFirst && isSecond) return 'both'
      return isFirst ? 'first' : isSecond ? 'second' : 'nobody'
    }),
  )
}

const confirm = (platform: World['platform'], history: History, ride: Ride, driverId: DriverId) =>
  history.attempt('confirm', ride.tripId, () => offerTrip(platform, ride.customerId, ride.tripId, driverId))
