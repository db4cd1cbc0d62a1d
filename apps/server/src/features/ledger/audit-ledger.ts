import type { Platform } from '../../platform/platform.ts'
import { CHECKS, findBreaches } from './audit-store.ts'

export type Breach = { readonly promise: string; readonly rows: readonly Readonly<Record<string, unknown>>[] }

/** Looks for money that is not where it should be, at one instant of the database. Answers the broken promises with their rows. */
export async function auditLedger({ db }: Pick<Platform, 'db'>): Promise<Breach[]> {
  return db.snapshot(async (tx) => {
    const breaches: Breach[] = []
    // One after the other: it is one connection.
    for (const check of CHECKS) {
      const rows = await findBreaches(tx, check)
      if (rows.length > 0) breaches.push({ promise: check.promise, rows })
    }
    return breaches
  })
}
