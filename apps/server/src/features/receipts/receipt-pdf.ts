import { buffer } from 'node:stream/consumers'
import PDFDocument from 'pdfkit'
import { fillIn, type ReceiptForm } from './model/receipt-form.ts'
import type { Receipt } from './model/receipt.ts'
import { pdfFonts } from './pdf-fonts.ts'

const MARGIN = 32
/** Points, the first that lets all of it stand on the page. */
const SIZES = [11, 10, 9, 8, 7, 6] as const
const INK = '#1a1a1a'
const FAINT = '#5c5c5c'
const RULE = '#d0d0d0'
const LABEL_WIDTH = 78

type Page = {
  readonly doc: PDFKit.PDFDocument
  readonly size: number
  readonly width: number
  readonly isDrawn: boolean
}

/** One page of A5, which a phone shows at a size that can be read. The same receipt is the same to the byte. */
export async function receiptPdf(receipt: Receipt): Promise<Buffer> {
  const { regular, bold } = await pdfFonts()
  const form = fillIn(receipt)
  const doc = new PDFDocument({
    size: 'A5',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: 0 },
    lang: form.locale,
    displayTitle: true,
    info: {
      Title: `${form.heading} ${form.number}`,
      Author: form.company,
      CreationDate: receipt.issuedAt,
      ModDate: receipt.issuedAt,
    },
  })
  // Parsed fonts are taken, too; the types do not know yet.
  doc.registerFont('regular', regular as unknown as Buffer)
  doc.registerFont('bold', bold as unknown as Buffer)
  const bytes = buffer(doc)
  const page = { doc, width: doc.page.width - 2 * MARGIN }
  const room = doc.page.height - MARGIN
  const size = SIZES.find((each) => draw({ ...page, size: each, isDrawn: false }, form) <= room) ?? SIZES[5]
  draw({ ...page, size, isDrawn: true }, form)
  doc.end()
  return bytes
}

/** Draws, or only measures; answers where it ends. */
function draw(page: Page, form: ReceiptForm): number {
  const gap = page.size * 0.7
  let y = rule(page, head(page, form) + gap)
  for (const row of form.facts) y = fact(page, y, row)
  y = rule(page, y + gap)
  for (const row of form.lines) y = amount(page, y, row)
  y = rule(page, y + gap)
  y = amount({ ...page, size: page.size * 1.4 }, y, form.total, 'bold')
  y = text(page, y + 2 * gap, 'Payment', { size: 0.85, color: FAINT })
  for (const row of form.payments) y = amount(page, y, row)
  y = rule(page, y + gap)
  return text(page, y + gap, form.note, { size: 0.8, color: FAINT })
}

function head(page: Page, form: ReceiptForm): number {
  const half = page.width * 0.58
  const right = { x: half + 8, width: page.width - half - 8, align: 'right' } as const
  let left = text(page, MARGIN, form.company, { font: 'bold', size: 1.5, width: half })
  for (const line of form.companyLines)
    left = text(page, left, line, { size: 0.8, color: FAINT, width: half })
  let y = text(page, MARGIN, form.heading, { ...right, font: 'bold', size: 1.5 })
  y = text(page, y, form.number, { ...right, size: 1.1 })
  y = text(page, y, form.issuedOn, { ...right, size: 0.8, color: FAINT })
  return Math.max(left, y)
}

function fact(page: Page, y: number, [label, value]: ReceiptForm['facts'][number]): number {
  const top = y + page.size * 0.35
  text(page, top + page.size * 0.12, label, { size: 0.85, color: FAINT, width: LABEL_WIDTH })
  return text(page, top, value, { x: LABEL_WIDTH, width: page.width - LABEL_WIDTH })
}

function amount(
  page: Page,
  y: number,
  [label, value]: ReceiptForm['lines'][number],
  font: 'regular' | 'bold' = 'regular',
): number {
  const top = y + page.size * 0.35
  const half = page.width * 0.58
  text(page, top, value, { font, x: half, width: page.width - half, align: 'right' })
  return text(page, top, label, { font, width: half })
}

type Style = {
  readonly font?: 'regular' | 'bold'
  /** Of the page's size. */
  readonly size?: number
  readonly color?: string
  /** From the left margin. */
  readonly x?: number
  readonly width?: number
  readonly align?: 'left' | 'right'
}

function text({ doc, size: base, width: whole, isDrawn }: Page, y: number, words: string, style: Style) {
  const { font = 'regular', size = 1, color = INK, x = 0, width = whole, align = 'left' } = style
  doc.font(font).fontSize(base * size)
  const shown = withoutPictures(words)
  const height = doc.heightOfString(shown, { width, align })
  if (isDrawn) doc.fillColor(color).text(shown, MARGIN + x, y, { width, align })
  return y + height
}

function rule({ doc, width, isDrawn }: Page, y: number): number {
  if (isDrawn)
    doc
      .moveTo(MARGIN, y)
      .lineTo(MARGIN + width, y)
      .lineWidth(0.6)
      .stroke(RULE)
  return y + 2
}

/** The font has letters; for emoji it would draw boxes. */
const withoutPictures = (words: string): string => words.replace(/[\u{1F000}-\u{1FAFF}]|\uFE0F/gu, '').trim()
