import { sql } from 'kysely'
import { checkPayments, sendRefunds } from '../../src/features/payments/index.ts'
import { sendPayouts } from '../../src/features/payouts/index.ts'
import type { Database } from '../../src/platform/database/index.ts'
import { timePasses, unlessRefused, workOff, type Flow, type Work } from './flow.ts'
import type { Recovery } from './job.ts'

const MOST_ROUNDS = 8

export type Recovered = { readonly rounds: number; readonly isQuiet: boolean }

/** The restarted server, and the client who asks again, until nothing is left to do. */
export async function recover(
  work: Work,
  flow: Flow,
  { clientFirst, webhooks, atOnce, isLate, rounds = MOST_ROUNDS }: Recovery,
  isQuiet: () => Promise<boolean>,
): Promise<Recovered> {
  const { platform, control, ear } = work
  const sweeps = [
    () => workOff(work),
    () => checkPayments(platform),
    () => sendRefunds(platform),
    () => sendPayouts(platform),
  ]
  let isServed = false
  for (let round = 1; round <= rounds; round++) {
    if (isLate || round > 1) await work.makeDue()
    await timePasses(work)
    if (!isServed && (clientFirst || round > 1))
      // Until the database has noticed that the dead one is dead, it still works on his request.
      isServed = await unlessRefused({ 'request-in-flight': false }, () => flow.retry(round))
    if (webhooks) await ear.hear('all', control)
    // Not for ever: with everything always due at once the same two would always be in each other's way.
    if (atOnce && round <= 3) await Promise.all(sweeps.map((sweep) => sweep()))
    else for (const sweep of sweeps) await sweep()
    if (isServed && (await isQuiet())) return { rounds: round, isQuiet: true }
  }
  return { rounds, isQuiet: false }
}

/** Leases have run out and the next look is now, for all that is under way. */
export const makeAllDue = async ({ single }: Database): Promise<void> => {
  for (const table of ['payment', 'refund', 'payout', 'gateway_event'])
    await sql`update ${sql.table(table)} set due_at = clock_timestamp()
      where due_at > clock_timestamp() ${table === 'payout' ? OPEN : sql``}`.execute(single)
  for (const table of ['payment', 'refund', 'payout'])
    await sql`update ${sql.table(table)} set busy_until = clock_timestamp()
      where busy_until > clock_timestamp()`.execute(single)
}

/** Those that have ended are looked at again days later, in case that the bank sends the money back. */
const OPEN = sql`and state in ('created', 'sent')`

/** Nothing is under way, and nothing will be looked at again soon. */
export const isAllQuiet = async ({ single }: Database): Promise<boolean> => {
  const { rows } = await sql<{ busy: number }>`
    select ((select count(*) from payment where due_at is not null) + (select count(*) from refund where due_at is not null)
      + (select count(*) from payout where state in ('created', 'sent'))
      + (select count(*) from gateway_event where due_at is not null)) as busy`.execute(single)
  return rows[0]?.busy === 0
}
