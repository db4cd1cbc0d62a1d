import type { Platform } from '../../platform/platform.ts'
import { claimLoosePictures, deletePictures } from './picture-store.ts'

const BATCH = 20
const PAUSE_MS = 60_000

/**
 * Deletes the blobs and then the rows of pictures that nothing has used for an hour. Whoever dies on the way leaves
 * the rows to the next. Answers in how many milliseconds it is worth looking again.
 */
export async function discardPictures({ db, blobs }: Pick<Platform, 'db' | 'blobs'>): Promise<number> {
  const names = await claimLoosePictures(db.single, BATCH)
  if (names.length === 0) return PAUSE_MS
  await Promise.all(names.map((name) => blobs.remove(name)))
  await deletePictures(db.single, names)
  return names.length === BATCH ? 0 : PAUSE_MS
}
