import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import { APPLICATION_PICTURES } from '../../../test/pictures.ts'
import { submitApplication, viewDocuments } from '../../features/drivers/index.ts'
import { createPictureUrls } from '../../platform/picture-urls.ts'

let server: LiveServer
let mine: URL
let others: URL
beforeAll(async () => {
  server = await startLiveServer()
  mine = await addressOfLicence('+27825550001')
  others = await addressOfLicence('+27825550002')
})
afterAll(async () => {
  expect(server.errors).toEqual([])
  await server.close()
})

async function addressOfLicence(phone: string): Promise<URL> {
  const driverId = await server.addApplicant()
  const application = {
    phone,
    vehicleClass: 'bakkie',
    vehicleRegistration: `CA ${phone}`,
    loadCapacityKg: 1000,
  } as const
  await submitApplication(server.platform, driverId, application, APPLICATION_PICTURES)
  const { licence } = await viewDocuments(server.platform, { accountId: driverId, role: 'driver' }, driverId)
  return new URL(licence ?? '', server.address)
}

const changed = (change: (url: URL) => void): URL => {
  const url = new URL(mine)
  change(url)
  return url
}
const nameIn = (url: URL): string => url.pathname.split('/').at(-1) ?? ''

describe('a document on the wire', () => {
  it('[PI15] is a download by its signed address, which nobody keeps', async () => {
    const response = await fetch(mine)
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-store',
      'content-disposition': 'attachment; filename="document.jpg"',
    })
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100)
  })

  it('[PI15] its address dies after 5 minutes', async () => {
    const signedAt = (now: number): string =>
      createPictureUrls({
        ...server.platform.settings,
        clock: { now: () => new Date(now) },
      }).signedPictureUrl(nameIn(mine))
    const fetched = async (minutes: number) =>
      (await fetch(server.address + signedAt(Date.now() - minutes * 60_000))).status
    expect(await fetched(4)).toBe(200)
    expect(await fetched(5)).toBe(404)
  })

  it('[PI16] anything else is 404, and all of it alike', async () => {
    const signature = mine.searchParams.get('signature')!
    const flipped = (signature.startsWith('0') ? '1' : '0') + signature.slice(1)
    const wrong = [
      changed((url) => url.searchParams.set('signature', flipped)),
      changed((url) => url.searchParams.set('signature', signature.toUpperCase())),
      changed((url) => url.searchParams.append('signature', signature)),
      changed((url) => url.searchParams.delete('signature')),
      changed((url) => url.searchParams.delete('expires')),
      changed((url) => url.searchParams.set('expires', '99999999999')),
      changed((url) => (url.search = '')),
      changed((url) => (url.pathname = others.pathname)),
      changed((url) => (url.pathname = `/media/private/${'0'.repeat(32)}.jpg`)),
      new URL(`/media/${nameIn(mine)}`, server.address),
      new URL(`/media/${nameIn(mine)}${mine.search}`, server.address),
    ]
    for (const url of wrong) {
      const response = await fetch(url)
      expect({ status: response.status, body: (await response.json()) as unknown }, url.href).toEqual({
        status: 404,
        body: { message: 'Not found.' },
      })
      expect(response.headers.get('cache-control')).toBe('no-store')
    }
    expect((await fetch(mine)).status).toBe(200)
  })
})
