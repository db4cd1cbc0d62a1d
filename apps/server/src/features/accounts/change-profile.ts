import type { AccountId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { keepPictures } from '../pictures/index.ts'
import { saveDetails, type PersonalDetails } from './account-store.ts'

/** What is left out stays as it was. */
export type ProfileChanges = Omit<PersonalDetails, 'profilePicture'> & {
  /** As uploaded now, or the name of one uploaded before. */
  readonly profilePicture?: Uint8Array | string | undefined
}

/**
 * Changes what somebody says of himself, whatever his role. Throws `picture-refused` (its `faults` name `profile`),
 * `busy` and, for drivers, `phone-taken`.
 */
export async function changeProfile(
  platform: Pick<Platform, 'db' | 'blobs' | 'images' | 'news'>,
  accountId: AccountId,
  { profilePicture, ...details }: ProfileChanges,
): Promise<void> {
  const { db, news } = platform
  const kept = await keepPictures(platform, accountId, { profile: profilePicture })
  await db.transaction(async (tx) => {
    await saveDetails(tx, accountId, { ...details, profilePicture: kept.profile })
    // Whoever shows this account from memory, as the search does its drivers, reads it again.
    await news.append(tx, [{ accountId, kind: 'profile.changed', data: {} }])
  })
}
