import { Refusal, type CaseId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { post } from '../ledger/index.ts'
import { getCase, saveResolution, type MoneyCase } from './case-store.ts'
import { correctCash } from './correct-cash.ts'
import { lockPaidTrip } from './paid-trip-store.ts'
import { lockPayment, saveReceived } from './payment-store.ts'
import { shortfallWrittenOff } from './postings.ts'

export type Finding = {
  /** For cash: what was really handed over. */
  readonly cashMinor?: number | undefined
  readonly note: string
}

/**
 * Closes a case with what a person has found. For cash the books follow the finding, by new entries: what is still missing then is
 * nobody's debt any more, and the driver has not earned it. `by` is whoever decided. Refuses: not-found, already-resolved,
 * not-cash (there is no cash to correct).
 */
export async function resolveCase(
  { db }: Pick<Platform, 'db'>,
  by: string,
  caseId: CaseId,
  finding: Finding,
): Promise<MoneyCase> {
  return db.transaction(async (tx) => {
    const { tripId } = await getCase(tx, caseId)
    if (tripId !== null) await lockPaidTrip(tx, tripId)
    // Somebody else may have settled it while we waited for the trip.
    const matter = await getCase(tx, caseId)
    if (matter.resolvedAt) throw new Refusal('already-resolved')
    if (finding.cashMinor !== undefined) await bookFinding(tx, matter, finding.cashMinor, finding.note)
    if (!(await saveResolution(tx, caseId, by, { ...finding }))) throw new Refusal('already-resolved')
    return getCase(tx, caseId)
  })
}

async function bookFinding(tx: Tx, matter: MoneyCase, cashMinor: number, note: string): Promise<void> {
  const { id, tripId, paymentId } = matter
  const isCash = matter.kind === 'cash-disputed' || matter.kind === 'cash-short'
  if (!isCash || tripId === null || paymentId === null) throw new Refusal('not-cash')
  const trip = await lockPaidTrip(tx, tripId)
  const payment = await lockPayment(tx, paymentId)
  // For a trip that was cancelled meanwhile the cash is the customer's credit already.
  if (payment.status !== 'success' || payment.receivedBy === null) throw new Refusal('not-cash')
  await correctCash(tx, trip, payment, cashMinor, { key: `${payment.id}:${id}`, memo: note })
  await saveReceived(tx, payment.id, { receivedMinor: cashMinor, isStated: true })
  const missingMinor = payment.amount.amountMinor - cashMinor
  if (missingMinor > 0) await post(tx, shortfallWrittenOff(trip, payment.receivedBy, id, missingMinor, note))
}
