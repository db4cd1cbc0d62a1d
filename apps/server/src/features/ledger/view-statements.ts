import type { Platform } from '../../platform/platform.ts'
import { findStatements, type Statement } from './statement-store.ts'

/** What came of the fares of completed trips, per market and currency. `to` is exclusive. */
export const viewStatements = (
  { db }: Pick<Platform, 'db'>,
  span: { readonly from: Date; readonly to: Date },
): Promise<Statement[]> => db.snapshot((tx) => findStatements(tx, span))
