import type { Platform } from '../../platform/platform.ts'
import { saveBan } from './account-store.ts'

/** Bans or admits the accounts of these addresses: a banned one neither logs in nor acts. Answers how many changed. */
export const setBan = (
  { db }: Pick<Platform, 'db'>,
  emails: readonly string[],
  isBanned: boolean,
): Promise<number> => db.transaction((tx) => saveBan(tx, emails, isBanned))
