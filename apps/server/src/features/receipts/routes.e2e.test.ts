import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startLiveServer, type LiveServer } from '../../../test/live-server.ts'
import type { AccountId, CustomerId, DriverId, TripId } from '../../kernel/index.ts'
import { acceptOffer, advanceTrip } from '../trips/index.ts'

let server: LiveServer
let customer: CustomerId
let driver: DriverId
let trip: TripId
beforeAll(async () => {
  server = await startLiveServer({
    taxBasisPoints: { ZA: 1_500, NG: 0, KE: 0, GH: 0 },
    taxNumbers: { ZA: '4123456789' },
  })
  customer = await server.addCustomer()
  driver = await server.addDriver()
  trip = (await server.requestTrip(customer)).id
  await acceptOffer(server.platform, driver, await server.offer(customer, trip, driver))
  await advanceTrip(server.platform, driver, trip, 'arrived_pickup')
  await advanceTrip(server.platform, driver, trip, 'loaded')
})
afterAll(() => server.close())

const FORMS = ['receipt', 'receipt.html', 'receipt.pdf']

async function get(form: string, accountId?: AccountId): Promise<Response> {
  const token = accountId && (await server.signIn(accountId))
  return fetch(`${server.address}/v1/trips/${trip}/${form}`, {
    headers: token ? { authorization: `Bearer ${token}` } : {},
  })
}

async function addStaff(): Promise<AccountId> {
  const id = await server.addCustomer()
  await server.db.single.updateTable('account').set({ role: 'staff' }).where('id', '=', id).execute()
  return id
}

describe('receipts on /v1', () => {
  it('[RC7] are not there before the trip is completed', async () => {
    for (const form of FORMS) expect((await get(form, customer)).status).toBe(404)
    await advanceTrip(server.platform, driver, trip, 'completed')
  })

  it('[RC6] are mailed by the server itself', async () => {
    const mails = () =>
      server.db.single.selectFrom('mail').selectAll().where('attachment_name', '=', 'ZA-000001.pdf').execute()
    await vi.waitUntil(async () => (await mails()).length === 1, { timeout: 10_000, interval: 50 })
    expect((await mails())[0]?.subject).toBe('Toota: tax invoice ZA-000001')
    // What a person sees of it in DEBUG is its text.
    const page = await (await fetch(`${server.address}/dev/mail`)).text()
    expect(page).toContain('with ZA-000001.pdf')
    expect(page).not.toContain('max-width:560px')
  })

  it('[RC1] [RC7] its customer and staff get it as JSON, as a page and as a PDF, to be kept by them alone', async () => {
    for (const reader of [customer, await addStaff()]) {
      const json = await get('receipt', reader)
      expect(json.headers.get('cache-control')).toBe('private, no-store')
      const body = (await json.json()) as { totalMinor: number; lines: { amountMinor: number }[] }
      expect(body).toMatchObject({
        number: 'ZA-000001',
        kind: 'tax-invoice',
        tripId: trip,
        customerName: 'Thandi Nkosi',
        pickupAddress: '1 Commissioner Street',
        payments: [{ by: 'cash', amountMinor: body.totalMinor }],
      })
      expect(body.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(body.totalMinor)

      const page = await get('receipt.html', reader)
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(page.headers.get('cache-control')).toBe('private, no-store')
      expect(page.headers.get('content-disposition')).toBe('attachment; filename="ZA-000001.html"')
      expect(page.headers.get('content-security-policy')).toBe(
        "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      )
      expect(await page.text()).toContain('ZA-000001')

      const pdf = await get('receipt.pdf', reader)
      expect(pdf.headers.get('content-type')).toBe('application/pdf')
      expect(pdf.headers.get('cache-control')).toBe('private, no-store')
      expect(pdf.headers.get('content-disposition')).toBe('attachment; filename="ZA-000001.pdf"')
      expect(
        Buffer.from(await pdf.arrayBuffer())
          .subarray(0, 5)
          .toString(),
      ).toBe('%PDF-')
    }
  })

  it('[RC7] nobody else gets one: not its driver, not another customer, not who is not signed in', async () => {
    for (const form of FORMS) {
      for (const other of [driver, await server.addCustomer(), await server.addDriver()])
        expect((await get(form, other)).status).toBe(404)
      expect((await get(form)).status).toBe(401)
    }
  })
})
