import { describe, expect, it } from 'vitest'
import { createPictureUrls } from './picture-urls.ts'

const NAME = `${'0a'.repeat(16)}.jpg`
const SECRET = 'a-secret-key-of-tests-that-is-long-enough'

function urlsAt(time: { now: number }, change: { publicUrl?: string; secretKey?: string } = {}) {
  const clock = { now: () => new Date(time.now) }
  return createPictureUrls({ publicUrl: undefined, secretKey: SECRET, clock, ...change })
}
function partsOf(url: string) {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  return {
    name: pathname.split('/').at(-1) ?? '',
    expires: searchParams.get('expires') ?? '',
    signature: searchParams.get('signature') ?? '',
  }
}

describe('addresses of pictures', () => {
  it('[PI17] have the public host, or none', () => {
    const time = { now: 0 }
    expect(urlsAt(time).pictureUrl(NAME)).toBe(`/media/${NAME}`)
    expect(urlsAt(time).pictureUrl(null)).toBeNull()
    expect(urlsAt(time).signedPictureUrl(NAME)).toMatch(/^\/media\/private\/0a/)
    const open = urlsAt(time, { publicUrl: 'https://toota.example.com' })
    expect(open.pictureUrl(NAME)).toBe(`https://toota.example.com/media/${NAME}`)
    expect(open.signedPictureUrl(NAME)).toMatch(/^https:\/\/toota\.example\.com\/media\/private\/0a/)
  })

  it('[PI15] a signature is good for 5 minutes', () => {
    const time = { now: 1_000_000_000_000 }
    const urls = urlsAt(time)
    const { name, expires, signature } = partsOf(urls.signedPictureUrl(NAME))
    expect(urls.isSigned(name, expires, signature)).toBe(true)
    time.now += 299_000
    expect(urls.isSigned(name, expires, signature)).toBe(true)
    time.now += 1_000
    expect(urls.isSigned(name, expires, signature)).toBe(false)
  })

  it('[PI16] for another name, another time, by another key or in another writing it is none', () => {
    const time = { now: 1_000_000_000_000 }
    const urls = urlsAt(time)
    const { name, expires, signature } = partsOf(urls.signedPictureUrl(NAME))
    const other = `${'0b'.repeat(16)}.jpg`
    expect(urls.isSigned(other, expires, signature)).toBe(false)
    expect(urls.isSigned(name, String(Number(expires) + 1), signature)).toBe(false)
    expect(urls.isSigned(name, `0${expires}`, signature)).toBe(false)
    for (const wrong of [
      '',
      signature.toUpperCase(),
      `${signature}00`,
      signature.slice(0, -1),
      '0'.repeat(64),
      'é',
    ])
      expect(urls.isSigned(name, expires, wrong)).toBe(false)
    expect(urlsAt(time, { secretKey: `${SECRET}!` }).isSigned(name, expires, signature)).toBe(false)
  })
})
