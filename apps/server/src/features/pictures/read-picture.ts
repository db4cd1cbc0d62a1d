import type { Platform } from '../../platform/platform.ts'
import { findPrivacy } from './picture-store.ts'

/** The JPEG of this name, if it is as public or private as the caller is entitled to. */
export async function readPicture(
  { db, blobs }: Pick<Platform, 'db' | 'blobs'>,
  name: string,
  privacy: 'public' | 'private',
): Promise<Buffer | undefined> {
  return (await findPrivacy(db.single, name)) === privacy ? blobs.get(name) : undefined
}
