import { randomBytes } from 'node:crypto'
import sharp from 'sharp'

const plain = () =>
  sharp({ create: { width: 24, height: 16, channels: 3, background: { r: 200, g: 80, b: 20 } } })

export const PNG = await plain().png().toBuffer()
export const JPEG = await plain().jpeg().toBuffer()

/** A picture that no compression makes small. */
export async function noisyPng(megabytes: number): Promise<Buffer> {
  const side = Math.ceil(Math.sqrt((megabytes * 1024 * 1024) / 3))
  return sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer()
}

/** With a position and an owner in it, as a phone writes them. */
export const TRACEABLE_JPEG = await plain()
  .jpeg()
  .withExif({
    IFD0: { Copyright: 'Thandi of Commissioner Street' },
    IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '26/1 12/1 15/1' },
  })
  .toBuffer()

/** A file as a client uploads it: its name and media type may say anything. */
export const file = (content: Buffer | string, name = 'picture.png', type = 'image/png'): File =>
  new File([typeof content === 'string' ? content : new Uint8Array(content)], name, { type })
