import { availableParallelism } from 'node:os'
import { Refusal } from '../kernel/index.ts'
import { createDecoder } from './decoder.ts'
import type { DecodingFault } from './re-encode.ts'
import { createTurns } from './turns.ts'

/** Why an upload is no picture for us. */
export type PictureFault = 'too-large' | 'wrong-format' | DecodingFault

export type Images = {
  /**
   * The same picture as a JPEG of our own making: upright, without metadata and without whatever was hidden in the file.
   * Throws `picture-refused` with its {@link PictureFault}, and `busy` when too many wait.
   */
  toJpeg(upload: Uint8Array): Promise<Buffer>
}

export const MAX_UPLOAD_BYTES = 2 * 1024 * 1024
/** Half the cores: the others answer requests. */
const MAX_AT_ONCE = Math.max(1, Math.floor(availableParallelism() / 2))
const MAX_WAITING = 50

export function createImages({ atOnce = MAX_AT_ONCE, maxWaiting = MAX_WAITING } = {}): Images {
  const { inTurn } = createTurns({ atOnce, maxWaiting })
  const decode = createDecoder()
  return {
    async toJpeg(upload) {
      if (upload.length > MAX_UPLOAD_BYTES) throw refused('too-large')
      const format = formatOf(upload)
      if (format === 'none' || format === 'other')
        throw refused(format === 'none' ? 'not-an-image' : 'wrong-format')
      const result = await inTurn(() => decode(upload))
      if (typeof result === 'string') throw refused(result)
      return Buffer.from(result.buffer, result.byteOffset, result.byteLength)
    },
  }
}

const refused = (fault: PictureFault): Refusal => new Refusal('picture-refused', { fault })

/** What the first bytes say; a name and a media type may say anything. */
function formatOf(upload: Uint8Array): 'jpeg' | 'png' | 'other' | 'none' {
  const start = Buffer.from(upload.subarray(0, 512)).toString('latin1')
  if (start.startsWith('\xFF\xD8\xFF')) return 'jpeg'
  if (start.startsWith('\x89PNG\r\n\x1A\n')) return 'png'
  return OTHER_FORMATS.some(([at, begin]) => start.startsWith(begin, at)) || SVG.test(start)
    ? 'other'
    : 'none'
}

// GIF, WebP, BMP, TIFF, HEIC and AVIF, JPEG XL, SVG: worth saying that the format is what is wrong.
const OTHER_FORMATS: readonly (readonly [at: number, begin: string])[] = [
  [0, 'GIF8'],
  [8, 'WEBP'],
  [0, 'BM'],
  [0, 'II*\0'],
  [0, 'MM\0*'],
  [4, 'ftyp'],
  [0, '\xFF\x0A'],
  [4, 'JXL '],
]
const SVG = /^(\xEF\xBB\xBF)?\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i
