import { create, type Font } from 'fontkit'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { inflate } from 'node:zlib'

const require = createRequire(import.meta.url)
const unpack = promisify(inflate)
// DejaVu Sans, whole: it has the letters of all languages of our markets, and ₦ and ₵.
const REGULAR = require.resolve('@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff')
const BOLD = require.resolve('@fontsource/dejavu-sans/files/dejavu-sans-latin-700-normal.woff')

export type PdfFonts = { readonly regular: Font; readonly bold: Font }

let fonts: Promise<PdfFonts> | undefined

/** Read once: parsing takes longer than writing a page with it. */
export const pdfFonts = (): Promise<PdfFonts> =>
  (fonts ??= readFonts().catch((error: unknown) => {
    // Too many open files, say: the next receipt tries again.
    fonts = undefined
    throw error
  }))

async function readFonts(): Promise<PdfFonts> {
  const [regular, bold] = await Promise.all([readFont(REGULAR), readFont(BOLD)])
  return { regular, bold }
}

async function readFont(file: string): Promise<Font> {
  const woff = await readFile(file)
  const font = create(await fromWoff(woff))
  if (!('layout' in font)) throw new Error('not one font')
  return font
}

const WOFF_HEADER = 44
const SFNT_HEADER = 12

/**
 * The TrueType font in a WOFF file (W3C, WOFF 1.0): the same tables, each compressed. fontkit reads WOFF too, but unpacks a table
 * anew each time it looks at a glyph, which takes seconds a page.
 */
async function fromWoff(woff: Buffer<ArrayBuffer>): Promise<Buffer> {
  const count = woff.readUInt16BE(12)
  const tables = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const entry = woff.subarray(WOFF_HEADER + 20 * index, WOFF_HEADER + 20 * (index + 1))
      const offset = entry.readUInt32BE(4)
      const packed = woff.subarray(offset, offset + entry.readUInt32BE(8))
      const length = entry.readUInt32BE(12)
      return { entry, length, data: packed.length < length ? await unpack(packed) : packed }
    }),
  )

  const header = Buffer.alloc(SFNT_HEADER + 16 * count)
  woff.copy(header, 0, 4, 8)
  header.writeUInt16BE(count, 4)
  let end = header.length
  const parts = [header]
  tables.forEach(({ entry, length, data }, index) => {
    const at = SFNT_HEADER + 16 * index
    entry.copy(header, at, 0, 4)
    entry.copy(header, at + 4, 16, 20)
    header.writeUInt32BE(end, at + 8)
    header.writeUInt32BE(length, at + 12)
    const padding = Buffer.alloc(-length & 3)
    parts.push(data, padding)
    end += length + padding.length
  })
  return Buffer.concat(parts)
}
