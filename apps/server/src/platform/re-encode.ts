import sharp from 'sharp'

/** Why a JPEG or PNG is refused once somebody looks into it. */
export type DecodingFault = 'too-many-pixels' | 'not-an-image'

const MAX_PIXELS = 25_000_000
const LONGEST_SIDE = 1600
const QUALITY = 82
const DECODE_SECONDS = 20

// Of libvips' many readers only these two ever see a stranger's bytes; it keeps nothing and takes one core a picture.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer'] })
sharp.cache(false)
sharp.concurrency(1)

/** The same picture as a JPEG of our own making: upright, without metadata and without whatever was hidden in the file. */
export async function reEncode(upload: Uint8Array): Promise<Buffer | DecodingFault> {
  try {
    // The header alone, whatever size it claims; nothing is decoded yet.
    const header = await sharp(upload, { limitInputPixels: false }).metadata()
    if (header.width * header.height > MAX_PIXELS) return 'too-many-pixels'
    return await sharp(upload, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .timeout({ seconds: DECODE_SECONDS })
      .autoOrient()
      .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: 'white' })
      .jpeg({ quality: QUALITY })
      .toBuffer()
  } catch {
    return 'not-an-image'
  }
}
