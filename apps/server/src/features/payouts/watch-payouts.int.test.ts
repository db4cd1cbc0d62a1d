import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DriverId } from '../../kernel/index.ts'
import { createGateways } from '../../platform/gateways/create-gateways.ts'
import { nobodyThere, serveFar } from '../../../test/far-server.ts'
import { createMoneyWorld, SECRETS, type MoneyWorld } from '../../../test/money.ts'
import { post } from '../ledger/index.ts'
import { advancePayoutByReference, type World } from './advance-payout.ts'
import { listPayouts } from './list-payouts.ts'
import type { Payout } from './model/payout.ts'
import { requestPayout } from './request-payout.ts'
import { savePayoutAccount } from './save-payout-account.ts'
import { sendPayouts } from './send-payouts.ts'

const ACCOUNT = { kind: 'bank', name: 'D Nkosi', accountNumber: '0123456789', bankCode: '632005' } as const
const silent = pino({ level: 'silent' })

let world: MoneyWorld
beforeAll(async () => {
  world = await createMoneyWorld()
})
afterAll(() => world.close())

/** Paystack at this address, which may be anything but the fake. */
const paystackAt = (baseUrl: string, secretKey: string = SECRETS.paystack.secretKey, log = silent) =>
  createGateways(
    {
      paystack: { baseUrl, secretKey, previousSecretKey: undefined },
      flutterwave: undefined,
      yoco: undefined,
      zaGateway: 'paystack',
      usesTestGateway: false,
    },
    log,
  )

async function askFor(): Promise<Payout> {
  const driverId: DriverId = await world.addDriver()
  await savePayoutAccount(world.platform, driverId, ACCOUNT)
  const entries = [
    { account: { kind: 'driver', owner: driverId }, amountMinor: 10_000 },
    { account: { kind: 'opening', owner: 'ZA' }, amountMinor: -10_000 },
  ] as const
  const earning = { kind: 'test-earning', key: randomUUID(), currency: 'ZAR', entries } as const
  await world.db.transaction((tx) => post(tx, earning))
  return requestPayout(world.platform, driverId, { amountMinor: 8_000, currency: 'ZAR' })
}

/** One look of the schedule at this payout, as if its time had come. */
async function look({ id }: Payout, platform: World = world.platform): Promise<void> {
  await sql`update payout set due_at = clock_timestamp() where id = ${id} and due_at is not null`.execute(
    world.db.single,
  )
  await sendPayouts(platform)
}

/** In how many seconds it is looked at again; null: never. */
async function nextLook({ id }: Payout): Promise<number | null> {
  const { rows } = await sql<{ seconds: number | null }>`
    select round(extract(epoch from due_at - clock_timestamp()))::int as seconds from payout where id = ${id}`.execute(
    world.db.single,
  )
  return rows[0]?.seconds ?? null
}

const now = async ({ driverId }: Payout): Promise<Payout> =>
  (await listPayouts(world.platform, driverId, { limit: 1 })).payouts[0]!
const balanceOf = ({ driverId }: Payout) => world.balance('driver', driverId)
const casesOf = async ({ id }: Payout) =>
  (
    await world.db.single
      .selectFrom('money_case')
      .select(['kind', 'details'])
      .where('payout_id', '=', id)
      .orderBy('opened_at')
      .execute()
  ).map(({ kind, details }) => [kind, (details as { reason: string }).reason])

describe('a payout that nobody hears of', () => {
  it('[PY10] is asked about less and less often, is a case in the end, and is never given back', async () => {
    const payout = await askFor()
    const platform = { ...world.platform, gateways: paystackAt(await nobodyThere()) }
    const pauses: (number | null)[] = []
    for (let n = 0; n < 8; n++) {
      if (n === 5) expect(await casesOf(payout)).toEqual([])
      await look(payout, platform)
      pauses.push(await nextLook(payout))
    }
    expect(pauses).toEqual([30, 120, 600, 3_600, 21_600, 86_400, 86_400, 86_400])
    expect(await casesOf(payout)).toEqual([['payout-stuck', 'nothing is heard of it']])
    expect(await now(payout)).toMatchObject({ state: 'sent' })
    expect(await balanceOf(payout)).toBe(2_000)
    // And it goes its way once somebody answers.
    await look(payout)
    await world.gateways.advance(10)
    await look(payout)
    expect(await now(payout)).toMatchObject({ state: 'paid' })
  })

  it('[PY10] is a case at once when the gateway waits for a person', async () => {
    const payout = await askFor()
    world.gateways.setScript({ script: 'transfer-otp', reference: payout.reference })
    await look(payout)
    await look(payout)
    expect(await casesOf(payout)).toEqual([['payout-stuck', 'the gateway waits for a person']])
    expect(await now(payout)).toMatchObject({ state: 'sent' })
    expect(await balanceOf(payout)).toBe(2_000)
    expect(await nextLook(payout)).toBe(120)
  })

  it('[PY10] an event neither hastens the schedule nor puts it off', async () => {
    const payout = await askFor()
    await look(payout)
    await sql`update payout set due_at = clock_timestamp() + interval '20 s' where id = ${payout.id}`.execute(
      world.db.single,
    )
    for (let n = 0; n < 8; n++) await advancePayoutByReference(world.platform, payout.reference)
    expect(await nextLook(payout)).toBeLessThanOrEqual(20)
    await look(payout)
    expect(await nextLook(payout)).toBe(120)
    expect(await casesOf(payout)).toEqual([])
  })

  it('[PY6] a gateway that is not set up any more is waited for', async () => {
    const payout = await askFor()
    const gateways = { ...world.platform.gateways, named: () => undefined }
    await look(payout, { ...world.platform, gateways })
    expect(await now(payout)).toMatchObject({ state: 'created' })
    expect(await balanceOf(payout)).toBe(2_000)
    await expect(
      advancePayoutByReference({ ...world.platform, gateways }, payout.reference),
    ).rejects.toMatchObject({ code: 'gateway-unavailable' })
  })
})

describe('a payout that the gateway refuses', () => {
  const NO = JSON.stringify({ status: false, message: 'Account 0123456789 of that bank is unknown' })
  const refuse = () =>
    serveFar((response, { method }) => {
      const body = method === 'GET' ? '{"status":false,"message":"Transfer not found"}' : NO
      response.writeHead(method === 'GET' ? 404 : 400, { 'content-type': 'application/json' }).end(body)
    })

  it('[PY7] is given back once the gateway knows of no transfer either', async () => {
    const payout = await askFor()
    const far = await refuse()
    const platform = { ...world.platform, gateways: paystackAt(far.baseUrl) }
    await look(payout, platform)
    expect(far.requests.map(({ method }) => method)).toEqual(['POST', 'GET'])
    expect(await now(payout)).toMatchObject({ state: 'failed', failure: 'Account … of that bank is unknown' })
    await look(payout, platform)
    expect(await balanceOf(payout)).toBe(10_000)
    expect(await world.audit()).toEqual([])
  })

  it('[PY7] is not given back when a transfer of it is there, nor while the gateway refuses questions too', async () => {
    const found = { status: true, message: 'Transfer retrieved', data: { status: 'pending' } }
    const known = await serveFar((response, { method }) => {
      const json = { 'content-type': 'application/json' }
      if (method === 'GET') response.writeHead(200, json).end(JSON.stringify(found))
      else response.writeHead(400, json).end(NO)
    })
    for (const gateways of [
      paystackAt(known.baseUrl),
      paystackAt(`${world.fake.url}/paystack`, 'sk_test_wrong'),
    ]) {
      const payout = await askFor()
      await look(payout, { ...world.platform, gateways })
      expect(await now(payout)).toMatchObject({ state: 'sent', failure: null })
      expect(await balanceOf(payout)).toBe(2_000)
    }
  })

  it('[PY6] [PY7] is not given back by who slept until another one had sent it', async () => {
    let isAsked = false
    let answer: () => void = () => undefined
    const far = await serveFar((response, { method }) => {
      const json = { 'content-type': 'application/json' }
      if (method === 'POST') return void response.writeHead(400, json).end(NO)
      isAsked = true
      answer = () => response.writeHead(404, json).end('{"status":false,"message":"Transfer not found"}')
    })
    const payout = await askFor()
    const sleeper = look(payout, { ...world.platform, gateways: paystackAt(far.baseUrl) })
    await expect.poll(() => isAsked).toBe(true)
    await sql`update payout set busy_until = clock_timestamp() where id = ${payout.id}`.execute(
      world.db.single,
    )
    await look(payout)
    answer()
    await sleeper
    expect(await now(payout)).toMatchObject({ state: 'sent' })
    expect(await balanceOf(payout)).toBe(2_000)
  })

  it('[PY9] and is paid all the same is off the balance again, and a case', async () => {
    const payout = await askFor()
    const far = await refuse()
    await look(payout, { ...world.platform, gateways: paystackAt(far.baseUrl) })
    expect(await balanceOf(payout)).toBe(10_000)
    // An order that was under way all the time arrives.
    const { reference, amount, destination } = payout
    const order = { reference, amount, account: destination, reason: 'late' }
    await world.platform.gateways.named('paystack')!.transfers!.send(order)
    await world.gateways.advance(10)
    await advancePayoutByReference(world.platform, reference)
    await advancePayoutByReference(world.platform, reference)
    expect(await now(payout)).toMatchObject({ state: 'paid', failure: null })
    expect(await balanceOf(payout)).toBe(2_000)
    expect(await casesOf(payout)).toEqual([['payout-stuck', 'it was paid after it had failed']])
    expect(await world.audit()).toEqual([])
  })

  it('[PY4] its account number is in no log, no reason and no case', async () => {
    const lines: string[] = []
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
    const payout = await askFor()
    const far = await refuse()
    const gateways = paystackAt(far.baseUrl, SECRETS.paystack.secretKey, log)
    await look(payout, { ...world.platform, log, gateways })
    const other = await askFor()
    // A defect, to see what is logged of the row; and an outage.
    const broken = { ...world.platform.news, append: () => Promise.reject(new Error('no news today')) }
    await look(other, { ...world.platform, log, gateways, news: broken })
    await sql`update payout set busy_until = null where id = ${other.id}`.execute(world.db.single)
    await look(other, { ...world.platform, log, gateways: paystackAt(await nobodyThere(), 'sk_test_x', log) })
    expect(lines.length).toBeGreaterThanOrEqual(3)
    const failure = (await now(payout)).failure
    for (const text of [
      ...lines,
      String(failure),
      JSON.stringify(await Promise.all([payout, other].map(casesOf))),
    ])
      expect(text).not.toMatch(/0123456789|23456789/)
    expect(far.requests[0]?.body).toContain('0123456789')
  })
})

describe('a payout that has ended', () => {
  it('[PY8] is looked at after a day and after a week, since a webhook may be lost', async () => {
    const payout = await askFor()
    world.gateways.setScript({ script: 'transfer-reversed', reference: payout.reference })
    await look(payout)
    await world.gateways.advance(10)
    await look(payout)
    expect(await now(payout)).toMatchObject({ state: 'paid' })
    expect(await nextLook(payout)).toBe(86_400)
    await look(payout)
    expect(await nextLook(payout)).toBe(6 * 86_400)
    await world.gateways.advance(3_700)
    await look(payout)
    expect(await now(payout)).toMatchObject({ state: 'reversed' })
    expect(await nextLook(payout)).toBeNull()
    expect(await balanceOf(payout)).toBe(10_000)
  })

  it('[PY8] and nothing else is asked about after the second look', async () => {
    const payout = await askFor()
    await look(payout)
    await world.gateways.advance(10)
    for (let n = 0; n < 3; n++) await look(payout)
    expect(await now(payout)).toMatchObject({ state: 'paid' })
    expect(await nextLook(payout)).toBeNull()
  })

  it('[PY8] an event that nobody can look into now is worked off later', async () => {
    const payout = await askFor()
    await look(payout)
    const away = { ...world.platform, gateways: paystackAt(await nobodyThere()) }
    const hear = (platform: World) => advancePayoutByReference(platform, payout.reference)
    await expect(hear(away)).rejects.toMatchObject({ code: 'gateway-unavailable' })
    world.gateways.hold({ call: 'paystack.verify-transfer', when: 'before' })
    const first = hear(world.platform)
    await expect.poll(() => world.gateways.held()).toHaveLength(1)
    await expect(hear(world.platform)).rejects.toMatchObject({ code: 'gateway-unavailable' })
    world.gateways.release()
    await first
    await expect(advancePayoutByReference(world.platform, 'payout-of-nobody')).resolves.toBeUndefined()
  })
})
