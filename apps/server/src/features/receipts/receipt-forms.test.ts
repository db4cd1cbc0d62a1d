import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { newId, type CustomerId, type DriverId, type TripId } from '../../kernel/index.ts'
import { receiptOf, type NumberedSettlement, type ReceiptFacts } from './model/receipt.ts'
import { receiptHtml } from './receipt-html.ts'
import { receiptPdf } from './receipt-pdf.ts'
import { receiptText } from './receipt-text.ts'

const FACTS: ReceiptFacts = {
  company: { name: 'Toota', address: null, taxNumber: null },
  customerName: 'Ọláolúwa Ọ̀ṣun-Adébáyọ̀',
  driverName: 'Ɗanjuma Ƙofar-Gida',
  vehicleRegistration: 'ABC-123 XY',
}
const SETTLED: NumberedSettlement = {
  tripId: '5afb3ad7-98ff-4ec8-a204-5f62c5a750ed' as TripId,
  market: 'NG',
  currency: 'NGN',
  customerId: newId<CustomerId>(),
  driverId: newId<DriverId>(),
  method: 'card',
  fareMinor: 123_450,
  earningMinor: 98_760,
  commissionMinor: 24_690,
  taxMinor: 0,
  feeMinor: 0,
  taxBasisPoints: 0,
  creditMinor: 0,
  settledAt: new Date('2026-11-25T22:05:00Z'),
  number: 7,
  issuedAt: new Date('2026-11-25T22:05:03Z'),
  facts: FACTS,
}
const TRIP = {
  vehicleClass: 'truck-1.5t' as const,
  pickup: { address: 'Ọbáfẹ́mi Awólọ́wọ̀ Road, Ìkẹjà' },
  destination: { address: 'Ilé-Ifẹ̀, ŋɔ̃ɖɛʋ' },
  distanceMeters: 14_032,
  loadDescription: 'two sofas',
}
const receipt = receiptOf(SETTLED, TRIP)
const GHANA = receiptOf({ ...SETTLED, market: 'GH', currency: 'GHS' }, TRIP)

describe('the three forms', () => {
  it('[RC9] show the letters and the money of our markets', async () => {
    const words = [
      ...Object.values(FACTS).filter((value) => typeof value === 'string'),
      TRIP.pickup.address,
      TRIP.destination.address,
      'NG-000007',
      '₦1,234.50',
      'VAT: not registered',
      '25 November 2026 at 23:05',
      'Truck, 1.5 t',
      SETTLED.tripId,
    ]
    const pdf = wordsOf(await receiptPdf(receipt))
    const html = receiptHtml(receipt)
    const text = receiptText(receipt)
    for (const word of words) {
      expect(pdf).toContain(word.replaceAll(' ', ''))
      expect(html).toContain(word)
      expect(text).toContain(word)
    }
    expect(wordsOf(await receiptPdf(GHANA))).toContain('GH₵1,234.50')
  })

  it('[RC5] the PDF of a receipt is the same to the byte', async () => {
    expect((await receiptPdf(receipt)).equals(await receiptPdf(receipt))).toBe(true)
    expect((await receiptPdf(receipt)).equals(await receiptPdf(GHANA))).toBe(false)
  })

  it('[RC11] the PDF is one page with all of it, however long the words', async () => {
    const long = receiptOf(
      {
        ...SETTLED,
        facts: { ...FACTS, customerName: 'Ṣẹ́gun '.repeat(14).trim(), driverName: 'X'.repeat(101) },
      },
      {
        ...TRIP,
        pickup: { address: 'Ọ̀ṣun '.repeat(42) },
        destination: { address: 'W'.repeat(255) },
        loadDescription: 'W'.repeat(2_000),
      },
    )
    const pdf = await receiptPdf(long)
    expect(pdf.toString('latin1').match(/\/Type \/Page\n/g)).toHaveLength(1)
    expect(wordsOf(pdf)).toContain('arrangedbyToota.')
    expect(pdf.length).toBeLessThan(40_000)
  })

  it('[RC10] what people wrote is text in the HTML, and nothing is loaded or run', () => {
    const evil = `<img src="http://evil.example/x" onerror='alert(1)'>&amp;`
    const html = receiptHtml(
      receiptOf(
        {
          ...SETTLED,
          facts: {
            company: { name: evil, address: evil, taxNumber: evil },
            customerName: evil,
            driverName: evil,
            vehicleRegistration: evil,
          },
        },
        { ...TRIP, pickup: { address: evil }, destination: { address: evil }, loadDescription: evil },
      ),
    )
    const escaped = '&lt;img src=&quot;http://evil.example/x&quot; onerror=&#39;alert(1)&#39;&gt;&amp;amp;'
    expect(html.split(escaped)).toHaveLength(11)
    const ours = html.replaceAll(escaped, '')
    expect(ours).not.toMatch(/evil|<img|<script|<link|<a |url\(|@import|src=|href=| on\w+=/i)
  })

  it('[RC10] an emoji leaves no box in the PDF', async () => {
    const pdf = await receiptPdf(receiptOf(SETTLED, { ...TRIP, loadDescription: '🛋️ two sofas' }))
    expect(wordsOf(pdf)).toContain('Loadtwosofas')
    expect(wordsOf(pdf)).not.toContain('\0')
  })
})

/** The text of a PDF of ours, without spaces: glyphs by their fonts' own tables of what they mean. */
function wordsOf(pdf: Buffer): string {
  const file = pdf.toString('latin1')
  const objects = new Map(
    [...file.matchAll(/\n(\d+) 0 obj\n(.*?)\nendobj/gs)].map(([, id, body]) => [id, body ?? '']),
  )
  const streamOf = (body: string): string =>
    inflateSync(Buffer.from(/stream\n(.*)\nendstream/s.exec(body)?.[1] ?? '', 'latin1')).toString('latin1')
  const lettersOf = (fontId: string | undefined): string[] => {
    const table = /\/ToUnicode (\d+) 0 R/.exec(objects.get(fontId) ?? '')?.[1]
    const list = /\[(.*)\]/s.exec(streamOf(objects.get(table) ?? ''))?.[1] ?? ''
    return [...list.matchAll(/<([0-9a-f ]+)>/g)].map(([, hex = '']) =>
      String.fromCharCode(...(hex.match(/\w{4}/g) ?? []).map((unit) => parseInt(unit, 16))),
    )
  }
  const fonts = new Map(
    [...file.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name, id]) => [name, lettersOf(id)]),
  )
  const page = [...objects.values()].find(
    (body) => /\/Filter \/FlateDecode/.test(body) && /BT/.test(streamOf(body)),
  )
  let font: string[] = []
  let words = ''
  for (const [, name, shown] of streamOf(page ?? '').matchAll(/\/(F\d+) [\d.]+ Tf|\[(.*?)\] TJ/g)) {
    if (name !== undefined) font = fonts.get(name) ?? []
    for (const [, hex = ''] of (shown ?? '').matchAll(/<([0-9a-f]+)>/g))
      for (const glyph of hex.match(/.{4}/g) ?? []) words += font[parseInt(glyph, 16)] ?? '?'
  }
  return words.replace(/\s/g, '')
}
