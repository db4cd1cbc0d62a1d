import type { Market } from '@toota/contract'
import type { Tx } from '../../platform/database/index.ts'
import type { Platform, Settings } from '../../platform/platform.ts'
import { findPeople } from '../accounts/index.ts'
import type { ReceiptFacts, Settlement } from './model/receipt.ts'
import {
  findDueMarkets,
  findRegistrations,
  findUnnumbered,
  findUnnumberedOf,
  lockCounter,
  saveNumbers,
} from './receipt-store.ts'

type World = Pick<Platform, 'db' | 'settings'>

const BATCH = 100

/**
 * Gives the due receipts of each market the numbers that follow, in the order of their trips' ends. Numbers, what they stand for
 * and the counter are one transaction: whatever dies on the way, none is missing. Answers whether there may be more.
 */
export async function numberReceipts({ db, settings }: World): Promise<boolean> {
  let hasMore = false
  for (const market of await findDueMarkets(db.single)) {
    const count = await db.transaction(async (tx) => {
      const last = await lockCounter(tx, market)
      const due = await findUnnumbered(tx, market, BATCH)
      await giveNumbers(tx, settings, { market, last }, due)
      return due.length
    })
    hasMore ||= count === BATCH
  }
  return hasMore
}

/** Gives this one its number now, unless it has got it meanwhile. */
export const numberReceipt = ({ db, settings }: World, { market, tripId }: Settlement): Promise<void> =>
  db.transaction(async (tx) => {
    const last = await lockCounter(tx, market)
    const settlement = await findUnnumberedOf(tx, tripId)
    if (settlement) await giveNumbers(tx, settings, { market, last }, [settlement])
  })

async function giveNumbers(
  tx: Tx,
  settings: Pick<Settings, 'companyName' | 'companyAddress' | 'taxNumbers'>,
  { market, last }: { readonly market: Market; readonly last: number },
  settlements: readonly Settlement[],
): Promise<void> {
  if (settlements.length === 0) return
  const driverIds = settlements.map(({ driverId }) => driverId)
  const people = await findPeople(tx, [...settlements.map(({ customerId }) => customerId), ...driverIds])
  const registrations = await findRegistrations(tx, driverIds)
  const named = new Map(people.map((person) => [person.id as string, person]))
  const factsOf = ({ customerId, driverId }: Settlement): ReceiptFacts => ({
    company: {
      name: settings.companyName,
      address: settings.companyAddress ?? null,
      taxNumber: settings.taxNumbers[market] ?? null,
    },
    customerName: nameOf(named.get(customerId)) ?? 'Customer',
    driverName: nameOf(named.get(driverId)) ?? 'Driver',
    vehicleRegistration: registrations.get(driverId) ?? null,
  })
  await saveNumbers(
    tx,
    market,
    settlements.map((settlement, index) => ({
      tripId: settlement.tripId,
      number: last + 1 + index,
      facts: factsOf(settlement),
    })),
  )
}

/** Not what is shown elsewhere for who has no name: that is a part of his address. */
function nameOf(
  person: { readonly firstName: string | null; readonly lastName: string | null } | undefined,
): string | undefined {
  return [person?.firstName, person?.lastName].filter(Boolean).join(' ') || undefined
}
