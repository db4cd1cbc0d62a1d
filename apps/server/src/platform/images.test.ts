import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { JPEG, PNG } from '../../test/pictures.ts'
import { pngOf } from '../../test/png.ts'
import { createImages, MAX_UPLOAD_BYTES } from './images.ts'
import './re-encode.ts'

const images = createImages()
const faultOf = (fault: string) =>
  expect.objectContaining({ code: 'picture-refused', details: { fault } }) as unknown
const sized = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#444' } })

describe('what is taken', () => {
  it('[PI1] [PI3] a JPEG and a PNG become a JPEG of the same size', async () => {
    for (const upload of [JPEG, PNG]) {
      const { format, width, height } = await sharp(await images.toJpeg(upload)).metadata()
      expect({ format, width, height }).toEqual({ format: 'jpeg', width: 24, height: 16 })
    }
  })

  it.each([
    ['a GIF', () => sized(4, 4).gif().toBuffer()],
    ['a WebP', () => sized(4, 4).webp().toBuffer()],
    ['a TIFF', () => sized(4, 4).tiff().toBuffer()],
    ['an AVIF', () => sized(4, 4).avif().toBuffer()],
    [
      'an SVG',
      () => Promise.resolve(Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')),
    ],
    ['a bare SVG', () => Promise.resolve(Buffer.from(' <svg width="9"/>'))],
  ])('[PI1] %s is a picture of the wrong format', async (_what, make) => {
    await expect(images.toJpeg(await make())).rejects.toEqual(faultOf('wrong-format'))
  })

  it.each([
    ['nothing', ''],
    ['a page', '<!doctype html><script>alert(1)</script>'],
    ['an archive', 'PK\x03\x04 and so on'],
    ['a program', '\x7FELF'],
    ['the first bytes of a JPEG', '\xFF\xD8\xFF<?php'],
    ['the first bytes of a PNG', '\x89PNG\r\n\x1A\n'],
  ])('[PI1] %s is no picture', async (_what, text) => {
    await expect(images.toJpeg(Buffer.from(text, 'latin1'))).rejects.toEqual(faultOf('not-an-image'))
  })

  it('[PI1] no other reader of the library is within reach, whatever asks', async () => {
    const gif = await sized(4, 4).gif().toBuffer()
    await expect(sharp(gif).metadata()).rejects.toThrow()
    await expect(sharp(Buffer.from('<svg width="9" height="9"/>')).metadata()).rejects.toThrow()
  })

  it('[PI2] more than 2 MiB is refused', async () => {
    const padded = Buffer.concat([JPEG, Buffer.alloc(MAX_UPLOAD_BYTES)])
    await expect(images.toJpeg(padded)).rejects.toEqual(faultOf('too-large'))
    expect((await images.toJpeg(padded.subarray(0, MAX_UPLOAD_BYTES))).length).toBeGreaterThan(0)
  })

  it('[PI2] a bomb is refused by its header, and one just small enough is taken', async () => {
    const before = performance.now()
    const bomb = pngOf(30_000, 30_000, Buffer.alloc(1_000))
    expect(bomb.length).toBeLessThan(200)
    await expect(images.toJpeg(bomb)).rejects.toEqual(faultOf('too-many-pixels'))
    await expect(images.toJpeg(pngOf(5_001, 5_000, Buffer.alloc(1)))).rejects.toEqual(
      faultOf('too-many-pixels'),
    )
    expect(performance.now() - before).toBeLessThan(1_000)
    const largest = pngOf(5_000, 5_000, Buffer.alloc(5_000 * (1 + 625)))
    const { width, height } = await sharp(await images.toJpeg(largest)).metadata()
    expect([width, height]).toEqual([1600, 1600])
  })

  it('[PI3] a large one is made smaller, one on its side is set upright', async () => {
    const sideways = await sized(2_000, 1_000).jpeg().withMetadata({ orientation: 6 }).toBuffer()
    const { width, height, orientation } = await sharp(await images.toJpeg(sideways)).metadata()
    expect([width, height, orientation]).toEqual([800, 1600, undefined])
  })

  it('[PI3] what is transparent becomes white', async () => {
    const clear = { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } as const
    const { channels } = await sharp(
      await images.toJpeg(await sharp({ create: clear }).png().toBuffer()),
    ).stats()
    expect(channels.map(({ min }) => min)).toEqual([255, 255, 255])
  })

  it('[PI4] position, owner, profile and text are gone', async () => {
    const traceable = await sized(40, 20)
      .jpeg()
      .withIccProfile('p3')
      .withExif({
        IFD0: { Copyright: 'Thandi of Commissioner Street' },
        IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '26/1 12/1 15/1' },
      })
      .toBuffer()
    expect((await sharp(traceable).metadata()).exif).toBeDefined()
    const kept = await images.toJpeg(traceable)
    expect(await sharp(kept).metadata()).not.toHaveProperty('exif')
    expect(await sharp(kept).metadata()).not.toHaveProperty('icc')
    expect(kept.toString('latin1')).not.toMatch(/Thandi|GPS|Exif/)
  })

  it.each([
    ['a script', '<script>alert(document.domain)</script>'],
    ['an archive', 'PK\x03\x04\x14\x00 payload PK\x05\x06'],
    ['a program', '<?php system($_GET["c"]); ?>'],
  ])('[PI4] %s behind the pixels is gone', async (_what, payload) => {
    for (const picture of [JPEG, PNG]) {
      const kept = await images.toJpeg(Buffer.concat([picture, Buffer.from(payload, 'latin1')]))
      expect(kept.toString('latin1')).not.toMatch(/script|payload|php/)
    }
  })

  it('[PI5] what is cut short or damaged is refused', async () => {
    const noise = await sharp(Buffer.from(Array.from({ length: 30_000 }, (_, i) => (i * i * 7) % 251)), {
      raw: { width: 100, height: 100, channels: 3 },
    })
      .png()
      .toBuffer()
    const damaged = Buffer.from(noise)
    damaged.fill(0, 200, 400)
    const jpeg = await sharp(noise).jpeg().toBuffer()
    for (const upload of [
      noise.subarray(0, -60),
      damaged,
      jpeg.subarray(0, jpeg.length / 2),
      JPEG.subarray(0, 20),
    ])
      await expect(images.toJpeg(upload)).rejects.toEqual(faultOf('not-an-image'))
  })

  it('[PI6] too many at once are refused as busy, the others are all made', async () => {
    const few = createImages({ atOnce: 2, maxWaiting: 3 })
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => few.toJpeg(PNG)))
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([
      ...Array.from({ length: 5 }, () => true),
      ...Array.from({ length: 3 }, () => false),
    ])
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'busy' })
    expect((await few.toJpeg(PNG)).length).toBeGreaterThan(0)
  })
})
