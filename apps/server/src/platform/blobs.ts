/** Where pictures are kept, by their names. */
export type Blobs = {
  /** Again under the same name it replaces. */
  put(name: string, content: Uint8Array): Promise<void>
  /** Undefined: there is none of this name. */
  get(name: string): Promise<Buffer | undefined>
  /** What is not there is removed already. */
  remove(name: string): Promise<void>
  /** A round trip, so that an operator learns what is wrong before a picture does. Throws the fault. */
  check(): Promise<void>
}

/** The only names there are: nothing in them can lead out of a folder or into another address. */
export const isBlobName = (name: string): boolean => /^[0-9a-f]{32}\.jpg$/.test(name)

/** For stores to call first. */
export function requireBlobName(name: string): void {
  if (!isBlobName(name)) throw new Error('not the name of a blob')
}

/** Larger than any picture that we write. */
export const MAX_BLOB_BYTES = 8 * 1024 * 1024

/** What is put comes back, and is gone once removed. */
export async function roundTrip(blobs: Omit<Blobs, 'check'>, name: string): Promise<void> {
  const content = Buffer.from('toota storage check')
  await blobs.put(name, content)
  const found = await blobs.get(name)
  await blobs.remove(name)
  if (!found?.equals(content)) throw new Error('what was stored did not come back')
  if (await blobs.get(name)) throw new Error('what was removed is still there')
}
