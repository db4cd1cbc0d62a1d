import type { PaymentMethod } from '@toota/contract'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createMoneyWorld, referenceOf, type MoneyWorld } from '../../../test/money.ts'
import { newId, type AccountId, type CustomerId, type DriverId, type TripId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { advanceTrip, type Trip } from '../trips/index.ts'
import { issueReceipts } from './issue-receipts.ts'
import { numberReceipts } from './number-receipts.ts'
import { receiptPdf } from './receipt-pdf.ts'
import { viewReceipt } from './view-receipt.ts'

const TAX = { ZA: 1_500, NG: 750, KE: 1_600, GH: 2_000 }
const SETTINGS = {
  taxBasisPoints: { ...TAX, NG: 0 },
  taxNumbers: { ZA: '4123456789' },
  companyName: 'Toota & Co',
  companyAddress: '12 Long Street, Cape Town',
}

let world: MoneyWorld
let platform: Platform
let customer: CustomerId
let driver: DriverId
beforeAll(async () => {
  world = await createMoneyWorld({ settings: SETTINGS })
  platform = world.platform
  customer = await world.addCustomer()
  driver = await world.addDriver()
})
afterAll(() => world.close())
// The next test begins with nothing due.
afterEach(() => settle())

async function settle(): Promise<void> {
  while ((await issueReceipts(platform)) === 0);
}

/** A completed trip, its receipt still to be issued. */
async function complete(method: PaymentMethod = 'cash', market: 'ZA' | 'NG' = 'ZA'): Promise<Trip> {
  const trip = await world.newTrip(customer, market)
  const payment = await world.choose(trip, method)
  if (method !== 'cash') {
    if (!payment.gateway) throw new Error('no gateway')
    world.gateways.pay({ gateway: payment.gateway, reference: referenceOf(payment), action: 'pay' })
    await world.settle(payment)
  }
  await world.drive(trip, driver)
  return trip
}

const rowOf = (tripId: TripId) =>
  world.db.single.selectFrom('settlement').selectAll().where('trip_id', '=', tripId).executeTakeFirstOrThrow()
const emailOf = async (id: AccountId) =>
  (await world.db.single.selectFrom('account').select('email').where('id', '=', id).executeTakeFirstOrThrow())
    .email
const mails = async () =>
  world.db.single
    .selectFrom('mail')
    .selectAll()
    .where('recipient', '=', await emailOf(customer))
    .where('attachment', 'is not', null)
    .orderBy('created_at')
    .execute()
const asCustomer = () => ({ role: 'customer', accountId: customer }) as const
const asStaff = () => ({ role: 'staff', accountId: newId<AccountId>() }) as const
/** Numbers of a market in the order of the trips' ends. */
const numbers = async (market: 'ZA' | 'NG') =>
  (
    await world.db.single
      .selectFrom('settlement')
      .select('receipt_number')
      .where('market', '=', market)
      .orderBy('settled_at')
      .execute()
  ).map(({ receipt_number }) => receipt_number)

describe('issuing', () => {
  it('[RC4] each market counts for itself, in the order of the trips’ ends', async () => {
    for (const market of ['ZA', 'NG', 'ZA', 'NG', 'ZA'] as const) await complete('cash', market)
    await numberReceipts(platform)
    expect(await numbers('ZA')).toEqual([1, 2, 3])
    expect(await numbers('NG')).toEqual([1, 2])
    await complete()
    await numberReceipts(platform)
    expect(await numbers('ZA')).toEqual([1, 2, 3, 4])
  })

  it('[RC6] the customer gets text, HTML and a PDF, once', async () => {
    const before = (await mails()).length
    const trip = await complete()
    await settle()
    await settle()
    const sent = (await mails()).slice(before)
    expect(sent).toHaveLength(1)
    const { number } = await viewReceipt(platform, asCustomer(), trip.id)
    expect(sent[0]).toMatchObject({
      subject: `Toota & Co: tax invoice ${number}`,
      body: expect.stringContaining(number) as string,
      html: expect.stringContaining('Toota &amp; Co') as string,
      attachment_name: `${number}.pdf`,
    })
    expect(sent[0]?.attachment?.subarray(0, 5).toString()).toBe('%PDF-')
    expect(await rowOf(trip.id)).toMatchObject({ receipt_due_at: null })
  })

  it('[RC6] several at once mail each receipt once', async () => {
    const before = (await mails()).length
    for (let n = 0; n < 3; n++) await complete()
    await Promise.all(Array.from({ length: 6 }, () => issueReceipts(platform)))
    expect((await mails()).length - before).toBe(3)
  })

  it('[RC6] a mail that is not written leaves the receipt due, with its number', async () => {
    const trip = await complete()
    const failing = { ...platform, mail: { enqueue: () => Promise.reject(new Error('no')) } }
    await issueReceipts(failing)
    const row = await rowOf(trip.id)
    expect(row.receipt_due_at).not.toBeNull()
    expect(row.receipt_number).not.toBeNull()
    await sql`update settlement set receipt_due_at = now() where trip_id = ${trip.id}`.execute(
      world.db.single,
    )
  })

  it('[RC6] one whose lease ran out while another mailed it is not mailed again', async () => {
    const before = (await mails()).length
    const trip = await complete()
    await numberReceipts(platform)
    let isSlow = true
    const slow: Platform = {
      ...platform,
      db: {
        ...platform.db,
        async transaction(work) {
          if (isSlow) {
            isSlow = false
            await sql`update settlement set receipt_due_at = now() where trip_id = ${trip.id}`.execute(
              world.db.single,
            )
            await issueReceipts(platform)
          }
          return platform.db.transaction(work)
        },
      },
    }
    await issueReceipts(slow)
    expect(isSlow).toBe(false)
    expect((await mails()).length - before).toBe(1)
  })

  it('[RC6] one that cannot be written keeps back neither numbers nor mails of others', async () => {
    const before = (await mails()).length
    const [bad, good] = [await complete(), await complete()]
    await numberReceipts(platform)
    let asked = 0
    const failing = {
      ...platform,
      mail: {
        enqueue: (...args: Parameters<Platform['mail']['enqueue']>) =>
          asked++ === 0 ? Promise.reject(new Error('no')) : platform.mail.enqueue(...args),
      },
    }
    await issueReceipts(failing)
    expect((await rowOf(bad.id)).receipt_due_at).not.toBeNull()
    expect((await rowOf(good.id)).receipt_due_at).toBeNull()
    expect((await mails()).length - before).toBe(1)
    await sql`update settlement set receipt_due_at = null where trip_id = ${bad.id}`.execute(world.db.single)
  })
})

describe('what it says', () => {
  it('[RC1] [RC2] [RC3] the lines of a trip paid by card, the gateway’s fee in our part, tax registered', async () => {
    const trip = await complete('card')
    const receipt = await viewReceipt(platform, asCustomer(), trip.id)
    const row = await rowOf(trip.id)
    expect(row.fee_minor).toBeGreaterThan(0)
    expect(receipt).toMatchObject({
      kind: 'tax-invoice',
      totalMinor: trip.fare.amountMinor,
      lines: [
        { kind: 'transport', amountMinor: row.earning_minor },
        { kind: 'service', amountMinor: row.commission_minor + row.fee_minor },
        { kind: 'tax', label: 'VAT 15 %', amountMinor: row.tax_minor },
      ],
      payments: [{ by: 'card', amountMinor: trip.fare.amountMinor }],
      facts: {
        customerName: 'Thandi Nkosi',
        driverName: 'Dumisani Nkosi',
        company: { taxNumber: '4123456789' },
      },
    })
    expect(receipt.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(trip.fare.amountMinor)
  })

  it('[RC3] where we are not registered it is a receipt', async () => {
    const trip = await complete('cash', 'NG')
    expect(await viewReceipt(platform, asCustomer(), trip.id)).toMatchObject({
      kind: 'receipt',
      lines: [{}, {}, { label: 'VAT: not registered', amountMinor: 0 }],
      payments: [{ by: 'cash', amountMinor: trip.fare.amountMinor }],
    })
  })

  it('[RC5] stays as it was issued, whoever is renamed and whatever is set since', async () => {
    const trip = await complete()
    const before = await viewReceipt(platform, asCustomer(), trip.id)
    await sql`update account set last_name = 'Dlamini' where id in (${customer}, ${driver})`.execute(
      world.db.single,
    )
    await sql`update driver set vehicle_registration = 'NEW 1' where account_id = ${driver}`.execute(
      world.db.single,
    )
    const moved = { ...platform, settings: { ...platform.settings, companyName: 'Other', taxNumbers: {} } }
    const after = await viewReceipt(moved, asStaff(), trip.id)
    await sql`update account set last_name = 'Nkosi' where id in (${customer}, ${driver})`.execute(
      world.db.single,
    )
    expect(after).toEqual(before)
    expect((await receiptPdf(after)).equals(await receiptPdf(before))).toBe(true)
  })

  it('[RC10] has no address or phone of anybody, nor the local part of one who has no name', async () => {
    const trip = await complete('card')
    await sql`update account set first_name = null, last_name = null where id = ${driver}`.execute(
      world.db.single,
    )
    const receipt = JSON.stringify(await viewReceipt(platform, asCustomer(), trip.id))
    await sql`update account set first_name = 'Dumisani', last_name = 'Nkosi' where id = ${driver}`.execute(
      world.db.single,
    )
    expect(receipt).toContain('"driverName":"Driver"')
    expect(receipt).not.toMatch(/@|\+27|example\.org|driver-/)
  })
})

describe('who sees it', () => {
  it('[RC7] its customer and staff; for others it is not there, for its driver neither', async () => {
    const trip = await complete()
    const numbered = await viewReceipt(platform, asStaff(), trip.id)
    expect(await viewReceipt(platform, asCustomer(), trip.id)).toEqual(numbered)
    const others = [
      { role: 'driver', accountId: driver },
      { role: 'customer', accountId: await world.addCustomer() },
      // No role makes up for not being the customer, and no id for the role.
      { role: 'driver', accountId: customer },
    ] as const
    for (const other of others)
      await expect(viewReceipt(platform, other, trip.id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('[RC7] before the trip is completed there is none', async () => {
    const trip = await world.newTrip(customer)
    await world.choose(trip, 'cash')
    await world.drive(trip, driver, 'loaded')
    for (const viewer of [asCustomer(), asStaff()])
      await expect(viewReceipt(platform, viewer, trip.id)).rejects.toMatchObject({ code: 'not-found' })
    await advanceTrip(platform, driver, trip.id, 'completed')
    expect((await viewReceipt(platform, asCustomer(), trip.id)).tripId).toBe(trip.id)
  })

  it('[RC8] one of before there were receipts is numbered when asked for, and not mailed', async () => {
    const before = (await mails()).length
    const trip = await complete()
    await sql`update settlement set receipt_due_at = null where trip_id = ${trip.id}`.execute(world.db.single)
    await settle()
    expect((await rowOf(trip.id)).receipt_number).toBeNull()

    const last = Math.max(...(await numbers('ZA')).map(Number))
    const asked = await Promise.all(
      Array.from({ length: 5 }, () => viewReceipt(platform, asCustomer(), trip.id)),
    )
    expect(new Set(asked.map(({ number }) => number))).toEqual(
      new Set([`ZA-${String(last + 1).padStart(6, '0')}`]),
    )
    await settle()
    expect(await mails()).toHaveLength(before)
  })
})

describe('the database', () => {
  it('[RC4] [RC5] refuses a number with none before it, a number twice, and any change of what was issued', async () => {
    const [first, second] = [await complete(), await complete()]
    await numberReceipts(platform)
    const last = Number((await rowOf(second.id)).receipt_number)
    const third = await complete()
    const give = (tripId: TripId, number: number) =>
      sql`update settlement set receipt_number = ${number}, receipt_issued_at = now(), receipt_facts = '{}'
          where trip_id = ${tripId}`.execute(world.db.single)
    await expect(give(third.id, last + 2)).rejects.toMatchObject({ constraint: 'receipt_numbers_are_dense' })
    await expect(give(third.id, last)).rejects.toMatchObject({ code: '23505' })
    await expect(give(first.id, last + 1)).rejects.toMatchObject({ constraint: 'receipt_is_final' })
    await expect(
      sql`update settlement set driver_id = customer_id where trip_id = ${first.id}`.execute(world.db.single),
    ).rejects.toMatchObject({ constraint: 'receipt_is_final' })
    await expect(
      sql`delete from settlement where trip_id = ${second.id}`.execute(world.db.single),
    ).rejects.toThrow()
  })
})
