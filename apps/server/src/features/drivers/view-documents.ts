import { Refusal, type DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Principal } from '../accounts/index.ts'
import { findApplication } from './driver-store.ts'

/** Addresses that work for 5 minutes; null: not submitted yet. */
export type Documents = { readonly licence: string | null }

/** A driver's documents, for himself and for staff. To everybody else they do not exist: `not-found`. */
export async function viewDocuments(
  { db, pictureUrls }: Pick<Platform, 'db' | 'pictureUrls'>,
  viewer: Pick<Principal, 'accountId' | 'role'>,
  driverId: DriverId,
): Promise<Documents> {
  if (viewer.accountId !== driverId && viewer.role !== 'staff') throw new Refusal('not-found')
  const application = await findApplication(db.single, driverId)
  if (!application) throw new Refusal('not-found')
  const { licencePicture } = application
  return { licence: licencePicture && pictureUrls.signedPictureUrl(licencePicture) }
}
