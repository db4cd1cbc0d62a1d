import { describe, expect, it } from 'vitest'
import { stateCash } from '../../src/features/payments/index.ts'
import { acceptOffer, offerTrip } from '../../src/features/trips/index.ts'
import { lockTrip, saveStatus } from '../../src/features/trips/trip-store.ts'
import { newId, type CustomerId, type DriverId } from '../../src/kernel/index.ts'
import { addRides, newRide, openOffers } from './arena.ts'
import { askDrivers, EDITS, inWorld, OFF, type Asked, type SabotagedWorld } from './sabotage.ts'

const accept = ({ history, platform }: SabotagedWorld, { offerId, driverId }: Asked) =>
  history.attempt('accept', offerId, () => acceptOffer(platform, driverId, offerId))

describe('one trip at a time', () => {
  /** Ten drivers asked by two customers each, as no index hinders it; they accept both at once. */
  const acceptBoth = async (world: SabotagedWorld) => {
    const first = await askDrivers(world, 10)
    const wanted = first.map(({ driverId }) => ({ ride: newRide(), driverId, lifetimeMs: 30_000 }))
    const offerIds = await world.db.transaction(async (tx) => {
      await addRides(
        world,
        tx,
        wanted.map(({ ride }) => ride),
        [],
      )
      return openOffers(tx, wanted)
    })
    const second = wanted.map((offer, index) => ({ ...offer, offerId: offerIds[index]! }))
    await Promise.all([...first, ...second].map((one) => accept(world, one)))
    const refused = world.history.answers.filter((answer) => answer.outcome === 'driver-busy')
    return {
      faults: world.history.faults,
      refused: refused.length,
      twoActiveTrips: (await world.violations()).twoActiveTrips,
    }
  }

  it('[TR6] without its index a driver gets two, with it never, whatever he was asked', async () => {
    const broken = await inWorld({ schema: [OFF.oneOpenOfferOfDriver, OFF.oneActiveTrip] }, acceptBoth)
    expect(broken.twoActiveTrips).toHaveLength(10)
    expect(await inWorld({ schema: [OFF.oneOpenOfferOfDriver] }, acceptBoth)).toEqual({
      faults: [],
      refused: 10,
      twoActiveTrips: undefined,
    })
  })

  /** Ten customers who may have one trip and confirm two drivers for two trips at once. */
  const openTwo = async (world: SabotagedWorld) => {
    const customers = Array.from({ length: 10 }, () => newId<CustomerId>())
    const rides = customers.flatMap((customer) => [newRide(customer), newRide(customer)])
    const drivers = rides.map(() => newId<DriverId>())
    await world.db.transaction((tx) => addRides(world, tx, rides, drivers))
    await Promise.all(
      rides.map((ride, index) =>
        world.history.attempt('confirm', ride.tripId, () =>
          offerTrip(world.platform, ride.customerId, ride.tripId, drivers[index]!),
        ),
      ),
    )
    return world.violations()
  }

  it('[TR7] without lock and index a customer opens more trips than allowed, with either never', async () => {
    const settings = { maxOpenTrips: 1 }
    const broken = await inWorld(
      { settings, schema: [OFF.oneTripPerSlot], code: [EDITS.noSlotLock] },
      openTwo,
    )
    expect(broken.tooManyOpenTrips?.length).toBeGreaterThan(0)
    expect(await inWorld({ settings, schema: [OFF.oneTripPerSlot] }, openTwo)).toEqual({})
    expect(await inWorld({ settings, code: [EDITS.noSlotLock] }, openTwo)).toEqual({})
  })
})

describe('the steps of a trip', () => {
  /** Past the code's table: the customer completes a trip that has just been accepted. */
  const completeAtOnce = async (world: SabotagedWorld) => {
    const [asked] = (await askDrivers(world, 1)) as [Asked]
    await accept(world, asked)
    const error = await world.db
      .transaction(async (tx) => {
        const trip = await lockTrip(tx, asked.ride.tripId)
        return saveStatus(tx, trip, { to: 'completed', by: 'customer' })
      })
      .then(
        () => undefined,
        (reason: unknown) => reason,
      )
    const { illegalSteps = [] } = await world.violations()
    return { error, illegalSteps }
  }

  it('[TR2] without the trigger an illegal step past the code is stored, with it refused', async () => {
    const broken = await inWorld({ schema: [OFF.tripGuard] }, completeAtOnce)
    expect(broken).toEqual({ error: undefined, illegalSteps: [expect.any(String)] })
    expect(await inWorld({}, completeAtOnce)).toMatchObject({ error: { code: '23514' }, illegalSteps: [] })
  })

  const acceptSome = async (world: SabotagedWorld) => {
    for (const asked of await askDrivers(world, 3)) expect(await accept(world, asked)).toBe(true)
    return world.violations()
  }

  it('[TR11] without the trigger the history does not fold to the trip, with it it does', async () => {
    const broken = await inWorld({ schema: [OFF.tripRecord] }, acceptSome)
    expect(broken.foldsDifferently).toHaveLength(3)
    expect(await inWorld({}, acceptSome)).toEqual({})
  })
})

describe('cash', () => {
  /** Five drivers who confirm the cash three times at once. */
  const receiveAgain = async (world: SabotagedWorld) => {
    const asked = await askDrivers(world, 5)
    for (const one of asked) await accept(world, one)
    await Promise.all(
      [...asked, ...asked, ...asked].map(({ driverId, ride }) =>
        stateCash(world.platform, driverId, ride.tripId),
      ),
    )
    return world.violations()
  }

  it('[PA2] counts again without locks and without asking whether it is due, and once with them', async () => {
    const broken = await inWorld(
      { code: [EDITS.cashAgain, EDITS.noTripLock, EDITS.noPaymentLock] },
      receiveAgain,
    )
    expect(broken.newsOfNothing?.length).toBeGreaterThan(0)
    expect(await inWorld({}, receiveAgain)).toEqual({})
  })
})
