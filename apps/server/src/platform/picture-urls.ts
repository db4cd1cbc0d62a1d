import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from './clock.ts'

export const PUBLIC_PATH = '/media/'
export const PRIVATE_PATH = '/media/private/'
const LIFETIME_SECONDS = 5 * 60

/** The one place where a picture's name becomes an address. */
export type PictureUrls = {
  /** Of a public picture; none stays none. */
  readonly pictureUrl: (name: string | null) => string | null
  /** Of a document: whoever has it may look for 5 minutes. */
  signedPictureUrl(name: string): string
  /** Whether we signed this, for this name, and its time is not over. */
  isSigned(name: string, expires: string, signature: string): boolean
}

/** Absolute below `publicUrl`, or else without a host. */
export function createPictureUrls(options: {
  readonly publicUrl: string | undefined
  readonly secretKey: string
  readonly clock: Clock
}): PictureUrls {
  const { publicUrl = '', secretKey, clock } = options
  const key = createHmac('sha256', secretKey).update('toota/picture-url').digest()
  const nowSeconds = (): number => Math.floor(clock.now().getTime() / 1000)
  const sign = (name: string, expires: string): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([name, expires]))
      .digest('hex')

  return {
    pictureUrl: (name) => (name === null ? null : publicUrl + PUBLIC_PATH + name),
    signedPictureUrl(name) {
      const expires = String(nowSeconds() + LIFETIME_SECONDS)
      return `${publicUrl}${PRIVATE_PATH}${name}?expires=${expires}&signature=${sign(name, expires)}`
    },
    isSigned(name, expires, signature) {
      const [expected, given] = [Buffer.from(sign(name, expires)), Buffer.from(signature)]
      const isOurs = given.length === expected.length && timingSafeEqual(given, expected)
      return isOurs && Number(expires) > nowSeconds()
    },
  }
}
