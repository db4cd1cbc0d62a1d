import { newPictureName, Refusal, type AccountId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findLoosePictures, insertPictures } from './picture-store.ts'

/**
 * Pictures, each under the word by which its sender knows it: as somebody sent them, or the name of one that he has
 * sent before and that is part of nothing yet.
 */
export type Uploads<Word extends string> = Readonly<Partial<Record<Word, Uint8Array | string | undefined>>>
/** Where they are kept now. */
export type KeptPictures<Word extends string> = Partial<Record<Word, string>>

/**
 * Makes stored pictures of uploads, not yet part of anything: attach them with `replacePictures` in the transaction of
 * the change, or they are discarded after an hour. The row comes before the blob, so that no blob is ever forgotten.
 * Throws `picture-refused` with all `faults`, word by word, and `busy`.
 */
export async function keepPictures<Word extends string>(
  { db, blobs, images }: Pick<Platform, 'db' | 'blobs' | 'images'>,
  accountId: AccountId,
  uploads: Uploads<Word>,
  isPrivate: (word: Word) => boolean = () => false,
): Promise<KeptPictures<Word>> {
  const named = namedAmong(uploads)
  await requireLoose(db.single, accountId, named, isPrivate)
  const pictures = await toJpegs(images, uploads)
  if (pictures.length === 0) return named

  await insertPictures(
    db.single,
    accountId,
    pictures.map(({ word, name }) => ({ name, isPrivate: isPrivate(word) })),
  )
  await Promise.all(pictures.map(({ name, content }) => blobs.put(name, content)))
  return {
    ...named,
    ...(Object.fromEntries(pictures.map(({ word, name }) => [word, name])) as KeptPictures<Word>),
  }
}

const namedAmong = <Word extends string>(uploads: Uploads<Word>): KeptPictures<Word> =>
  Object.fromEntries(
    Object.entries(uploads).filter(([, upload]) => typeof upload === 'string'),
  ) as KeptPictures<Word>

/** Somebody else's, a used one, or a public picture where a document is wanted, are no pictures here. */
async function requireLoose<Word extends string>(
  tx: Tx,
  accountId: AccountId,
  named: KeptPictures<Word>,
  isPrivate: (word: Word) => boolean,
): Promise<void> {
  const words = Object.entries(named) as [Word, string][]
  if (words.length === 0) return
  const names = words.map(([, name]) => name)
  const loose = await findLoosePictures(tx, accountId, names)
  const unfit = words.filter(
    ([word, name]) => !loose.some((each) => each.name === name && each.isPrivate === isPrivate(word)),
  )
  if (unfit.length > 0 || new Set(names).size < names.length)
    throw new Refusal('picture-refused', {
      faults: Object.fromEntries(unfit.map(([word]) => [word, 'unknown'])),
    })
}

type Picture<Word> = { readonly word: Word; readonly name: string; readonly content: Buffer }

/** All of them or none, but every fault is told. */
async function toJpegs<Word extends string>(
  images: Platform['images'],
  uploads: Uploads<Word>,
): Promise<Picture<Word>[]> {
  const given = Object.entries(uploads).filter(([, upload]) => upload instanceof Uint8Array) as [
    Word,
    Uint8Array,
  ][]
  const pictures: Picture<Word>[] = []
  const faults: Partial<Record<Word, unknown>> = {}
  for (const [word, upload] of given) {
    try {
      pictures.push({ word, name: newPictureName(), content: await images.toJpeg(upload) })
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'picture-refused')) throw error
      faults[word] = error.details['fault']
    }
  }
  if (Object.keys(faults).length > 0) throw new Refusal('picture-refused', { faults })
  return pictures
}
