import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import {
  acceptOffer,
  cancelTrip,
  expireOffers,
  offerTrip,
  rejectOffer,
} from '../../src/features/trips/index.ts'
import { newId, type DriverId } from '../../src/kernel/index.ts'
import { openDatabase } from '../../src/platform/database/index.ts'
import { PolledNewsDesk } from '../../src/platform/news-desk.ts'
import { addRides, newRide, openOffers, type Ride } from './arena.ts'
import { countDeadlocks, holdOpen, until, untilBlocked } from './observer.ts'
import { askDrivers, EDITS, inWorld, OFF, type Asked, type SabotagedWorld } from './sabotage.ts'

const accept = ({ history, platform }: SabotagedWorld, { offerId, driverId }: Asked) =>
  history.attempt('accept', offerId, () => acceptOffer(platform, driverId, offerId))
const reject = ({ history, platform }: SabotagedWorld, { offerId, driverId }: Asked) =>
  history.attempt('reject', offerId, () => rejectOffer(platform, driverId, offerId))
const confirm = ({ history, platform }: SabotagedWorld, { tripId, customerId }: Ride, driverId: DriverId) =>
  history.attempt('confirm', tripId, () => offerTrip(platform, customerId, tripId, driverId))
const isDue = async ({ db }: SabotagedWorld, { offerId }: Asked) => {
  const { rows } = await sql<{ isDue: boolean }>`
    select expires_at <= clock_timestamp() as "isDue" from offer where id = ${offerId}`.execute(db.single)
  return rows[0]!.isDue
}

describe('one open offer', () => {
  /** Ten times two customers who confirm one driver at once. */
  const shareDrivers = async (world: SabotagedWorld) => {
    const drivers = Array.from({ length: 10 }, () => newId<DriverId>())
    const pairs = drivers.map((driverId) => ({ driverId, rides: [newRide(), newRide()] }))
    await world.db.transaction((tx) =>
      addRides(
        world,
        tx,
        pairs.flatMap((pair) => pair.rides),
        drivers,
      ),
    )
    await Promise.all(
      pairs.flatMap(({ driverId, rides }) => rides.map((ride) => confirm(world, ride, driverId))),
    )
    return world.violations()
  }

  it('[OF2] without its index a driver gets two, with it never', async () => {
    const broken = await inWorld({ schema: [OFF.oneOpenOfferOfDriver] }, shareDrivers)
    expect(broken.twoOpenOffersOfDriver?.length).toBeGreaterThan(0)
    expect(await inWorld({}, shareDrivers)).toEqual({})
  })

  /** Ten times one customer who confirms two drivers for one trip at once. */
  const shareTrips = async (world: SabotagedWorld) => {
    const rides = Array.from({ length: 10 }, () => newRide())
    const drivers = Array.from({ length: 20 }, () => newId<DriverId>())
    await world.db.transaction((tx) => addRides(world, tx, rides, drivers))
    await Promise.all(drivers.map((driverId, index) => confirm(world, rides[index >> 1]!, driverId)))
    return world.violations()
  }

  it("[OF2] without its index and the trip's lock a trip gets two, with either never", async () => {
    const broken = await inWorld({ schema: [OFF.oneOpenOfferOfTrip], code: [EDITS.noTripLock] }, shareTrips)
    expect(broken.twoOpenOffersOfTrip?.length).toBeGreaterThan(0)
    expect(await inWorld({ schema: [OFF.oneOpenOfferOfTrip] }, shareTrips)).toEqual({})
    expect(await inWorld({ code: [EDITS.noTripLock] }, shareTrips)).toEqual({})
  })

  /** Five drivers at work whom other customers confirm. */
  const askBusyDrivers = async (world: SabotagedWorld) => {
    const asked = await askDrivers(world, 5)
    const rides = asked.map(() => newRide())
    await world.db.transaction((tx) => addRides(world, tx, rides, []))
    for (const one of asked) expect(await accept(world, one)).toBe(true)
    await Promise.all(asked.map(({ driverId }, index) => confirm(world, rides[index]!, driverId)))
    return world.violations()
  }

  it('[OF6] without the look for his active trip a driver at work is asked, with it never', async () => {
    const broken = await inWorld({ code: [EDITS.noLookForActiveTrip] }, askBusyDrivers)
    expect(broken.openOfferBesideActiveTrip).toHaveLength(5)
    expect(await inWorld({}, askBusyDrivers)).toEqual({})
  })
})

describe('the accept', () => {
  /** Five trips held out to two drivers each, as no code can do it; both accept at once. */
  const acceptTogether = async (world: SabotagedWorld) => {
    const first = await askDrivers(world, 5)
    const drivers = first.map(() => newId<DriverId>())
    const wanted = first.map(({ ride }, index) => ({ ride, driverId: drivers[index]!, lifetimeMs: 30_000 }))
    const offerIds = await world.db.transaction(async (tx) => {
      await addRides(world, tx, [], drivers)
      return openOffers(tx, wanted)
    })
    const second = wanted.map((offer, index) => ({ ...offer, offerId: offerIds[index]! }))
    await Promise.all([...first, ...second].map((one) => accept(world, one)))
    return world.violations()
  }

  it('[OF11] committed although the trip was gone leaves accepted offers without it; rolled back it leaves none', async () => {
    const schema = [OFF.oneOpenOfferOfTrip, OFF.oneAccept]
    const broken = await inWorld({ schema, code: [EDITS.commitAnyway] }, acceptTogether)
    expect(broken.acceptsWithoutTrip).toHaveLength(5)
    expect(broken.twoAccepts).toHaveLength(5)
    expect(await inWorld({ schema }, acceptTogether)).toEqual({})
  })

  it('[OF11] committed although the trip was gone is stopped by the index alone', async () => {
    const schema = [OFF.oneOpenOfferOfTrip]
    expect(await inWorld({ schema, code: [EDITS.commitAnyway] }, acceptTogether)).toEqual({})
  })

  /** An accept that began in time and is held up at the trip's lock until the deadline is over. */
  const acceptLate = async (world: SabotagedWorld) => {
    const [asked] = (await askDrivers(world, 1, 1_000)) as [Asked]
    const { tripId } = asked.ride
    const holder = await holdOpen(world.db, (tx) =>
      sql`select from trip where id = ${tripId} for update`.execute(tx),
    )
    const accepted = accept(world, asked)
    await untilBlocked(world.db, 1)
    expect(await isDue(world, asked)).toBe(false)
    await until(() => isDue(world, asked))
    await sql`select pg_sleep(0.2)`.execute(world.db.single)
    await holder.release()
    const isAccepted = await accepted
    await expireOffers(world.platform)
    return { isAccepted, ...(await world.violations()) }
  }

  it("[OF3] by the transaction's start wins after the deadline, by the clock at the write it loses", async () => {
    const broken = await inWorld({ code: [EDITS.deadlineByTransactionStart] }, acceptLate)
    expect(broken).toMatchObject({ isAccepted: true, answersAfterDeadline: [expect.any(String)] })
    expect(await inWorld({}, acceptLate)).toEqual({ isAccepted: false })
  })

  /** Accepts and cancels of the same trips, lined up at the locks of the offers. */
  const acceptAndCancel = async (world: SabotagedWorld) => {
    const asked = await askDrivers(world, 4)
    const ids = asked.map(({ offerId }) => offerId)
    const holder = await holdOpen(world.db, (tx) =>
      sql`select from offer where id = any(${ids}::uuid[]) order by id for update`.execute(tx),
    )
    const accepts = asked.map((one) => accept(world, one))
    await untilBlocked(world.db, 4)
    const cancels = asked.map(({ ride: { tripId, customerId } }) =>
      world.history.attempt('cancel', tripId, () =>
        cancelTrip(world.platform, tripId, { role: 'customer', accountId: customerId }),
      ),
    )
    await untilBlocked(world.db, 8)
    await holder.release()
    await Promise.all([...accepts, ...cancels])
    const violations = await world.violations()
    const contradictions = await world.contradictions()
    await world.db.close()
    return {
      deadlocks: await countDeadlocks(world.url),
      faults: world.history.faults,
      violations,
      contradictions,
    }
  }

  it('[OF11] that locks the offer before the trip deadlocks with a cancel, trip before offer never', async () => {
    const broken = await inWorld({ code: [EDITS.offerBeforeTrip] }, acceptAndCancel)
    expect(broken.deadlocks).toBeGreaterThan(0)
    expect(await inWorld({}, acceptAndCancel)).toEqual({
      deadlocks: 0,
      faults: [],
      violations: {},
      contradictions: [],
    })
  })
})

describe('the end of an offer', () => {
  /** Rejected twice at once; rejected and then accepted; accepted and then due. */
  const endTwice = async (world: SabotagedWorld) => {
    const twice = await askDrivers(world, 3)
    await Promise.all([...twice, ...twice].map((one) => reject(world, one)))
    const changed = await askDrivers(world, 3)
    await Promise.all(changed.map((one) => reject(world, one)))
    await Promise.all(changed.map((one) => accept(world, one)))
    const due = await askDrivers(world, 3, 1_500)
    await Promise.all(due.map((one) => accept(world, one)))
    await until(() => isDue(world, due[2]!))
    await expireOffers(world.platform).catch((error: unknown) => world.history.faults.push(error))
    return world.contradictions()
  }
  const code = [EDITS.acceptAnyState, EDITS.rejectAnyState, EDITS.expireAnyState, EDITS.expireAnyStateAtLast]
  const schema = [OFF.finalEnd, OFF.activeTripsHaveSlots]

  it('[OF1] comes twice when neither code nor trigger looks at the first, with either once', async () => {
    const broken = await inWorld({ schema, code }, endTwice)
    expect(broken.filter((line) => line.includes('0 accepts, 2 rejects'))).toHaveLength(3)
    expect(broken.filter((line) => line.includes('1 accepts, 1 rejects'))).toHaveLength(3)
    expect(broken.filter((line) => line.includes('1 accepts, 0 rejects'))).toHaveLength(3)
    expect(await inWorld({ schema }, endTwice)).toEqual([])
    expect(await inWorld({ schema: [OFF.activeTripsHaveSlots], code }, endTwice)).toEqual([])
  })

  it('[OF4] known to a timer of the process alone is lost with the process; the next one sweeps it from the table', async () => {
    await inWorld({}, async (world) => {
      const asked = await askDrivers(world, 5)
      const timers = asked.map(() => setTimeout(() => void expireOffers(world.platform), 30_000))
      // The process dies: its timers and connections with it. Time goes by.
      timers.forEach((timer) => clearTimeout(timer))
      await world.db.close()
      const db = openDatabase({ url: world.url, poolSize: 2 })
      try {
        await sql`update offer set expires_at = clock_timestamp() - interval '2 s'`.execute(db.single)
        expect((await world.violationsIn(db)).overdueOffers).toHaveLength(5)
        await expireOffers({ db, news: new PolledNewsDesk(db, (error) => world.faults.push(error)) })
        expect(await world.violationsIn(db)).toEqual({})
        expect(await db.single.selectFrom('offer').select('state').distinct().execute()).toEqual([
          { state: 'expired' },
        ])
      } finally {
        await db.close()
      }
    })
  })
})
