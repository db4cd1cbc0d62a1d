import { findPayment, openCase } from '../../src/features/payments/index.ts'
import {
  newId,
  type AccountId,
  type OfferId,
  type PaymentId,
  type SessionId,
  type TripId,
} from '../../src/kernel/index.ts'
import { acceptOffer } from '../../src/features/trips/index.ts'
import type { LiveServer } from '../live-server.ts'

/** Who may ask. `owner` and `driver` are the two sides of the trip on stage. */
export const ACTORS = [
  'nobody',
  'expired',
  'banned',
  'owner',
  'otherCustomer',
  'driver',
  'otherDriver',
  'applicant',
  'staff',
] as const
export type Actor = (typeof ACTORS)[number]

/** How far the trip on stage is: only asked for, held out to the driver, or taken by him. */
export type Scene = 'pending' | 'offered' | 'accepted'

/** The ids a request can be about. */
export type Ids = {
  readonly tripId: string
  readonly offerId: string
  readonly driverId: string
  readonly sessionId: string
  readonly paymentId: string
  readonly caseId: string
  readonly picture: string
}

export type Stage = {
  readonly ids: Ids
  token(actor: Actor): Promise<string | undefined>
  /** Everything on stage that a forbidden request could have changed. */
  state(): Promise<string>
}

const POINT = { latitude: -26.2041, longitude: 28.0473 }

/** Fresh people and a fresh trip. */
export async function setStage(server: LiveServer, scene: Scene): Promise<Stage> {
  const owner = await server.addCustomer()
  const driver = await server.addDriver()
  const trip = await server.requestTrip(owner)
  const offerId = scene === 'pending' ? newId<OfferId>() : await server.offer(owner, trip.id, driver)
  if (scene === 'accepted') await acceptOffer(server.platform, driver, offerId)
  const sessionId = await addSession(server, owner)
  const { paymentId, caseId } = await addCase(server, trip.id)

  const people: Partial<Record<Actor, AccountId>> = { owner, driver }
  const personOf = async (actor: Actor): Promise<AccountId> =>
    (people[actor] ??= await addPerson(server, actor))
  return {
    ids: {
      ...{ tripId: trip.id, offerId, driverId: driver, sessionId, paymentId, caseId },
      picture: `${'0'.repeat(32)}.jpg`,
    },
    async token(actor) {
      if (actor === 'nobody') return undefined
      const accountId = await personOf(actor)
      if (actor === 'expired') return expiredToken(server, accountId)
      const token = await server.signIn(accountId)
      if (actor === 'banned') await ban(server, accountId)
      return token
    },
    state: () => stateOf(server, trip.id, sessionId),
  }
}

async function addPerson(server: LiveServer, actor: Actor): Promise<AccountId> {
  if (actor === 'otherDriver') {
    const id = await server.addDriver()
    server.platform.positions.report(id, { ...POINT, at: Date.now() })
    return id
  }
  if (actor === 'applicant') return server.addApplicant()
  const id = await server.addCustomer()
  if (actor === 'staff')
    await server.db.single.updateTable('account').set({ role: 'staff' }).where('id', '=', id).execute()
  return id
}

async function addSession(server: LiveServer, accountId: AccountId): Promise<SessionId> {
  const id = newId<SessionId>()
  await server.db.single
    .insertInto('session')
    .values({ id, account_id: accountId, expires_at: new Date(Date.now() + 3_600_000) })
    .execute()
  return id
}

/** Something about the trip's payment that staff have to settle. */
async function addCase(
  { db }: LiveServer,
  tripId: TripId,
): Promise<{ paymentId: PaymentId; caseId: string }> {
  const payment = await findPayment(db.single, tripId)
  if (!payment) throw new Error('nobody has chosen how to pay')
  const paymentId = payment.id
  await openCase(db.single, { kind: 'payment-unclear', about: paymentId, tripId, paymentId, details: {} })
  const { id } = await db.single
    .selectFrom('money_case')
    .select('id')
    .where('payment_id', '=', paymentId)
    .executeTakeFirstOrThrow()
  return { paymentId, caseId: id }
}

const ban = (server: LiveServer, id: AccountId) =>
  server.db.single.updateTable('account').set({ banned_at: new Date() }).where('id', '=', id).execute()

async function expiredToken(server: LiveServer, accountId: AccountId): Promise<string> {
  const sessionId = await addSession(server, accountId)
  return server.platform.tokens.issue('access', { accountId, sessionId }, new Date(Date.now() - 7_200_000))
}

async function stateOf({ db }: LiveServer, tripId: TripId, sessionId: SessionId): Promise<string> {
  const rows = await Promise.all([
    db.single.selectFrom('trip').selectAll().where('id', '=', tripId).execute(),
    db.single.selectFrom('offer').selectAll().where('trip_id', '=', tripId).execute(),
    db.single.selectFrom('payment').selectAll().where('trip_id', '=', tripId).execute(),
    db.single.selectFrom('money_case').selectAll().where('trip_id', '=', tripId).execute(),
    db.single.selectFrom('ledger_transaction').selectAll().where('trip_id', '=', tripId).execute(),
    db.single.selectFrom('session').selectAll().where('id', '=', sessionId).execute(),
  ])
  return JSON.stringify(rows)
}
