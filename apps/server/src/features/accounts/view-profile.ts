import { Refusal, type AccountId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findProfile, type Profile } from './profile-store.ts'

/** What the account itself may see of itself. Throws `not-found`. */
export async function viewProfile({ db }: Pick<Platform, 'db'>, accountId: AccountId): Promise<Profile> {
  const profile = await findProfile(db.single, accountId)
  if (!profile) throw new Refusal('not-found')
  return profile
}
