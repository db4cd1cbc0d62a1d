import { createToota, type Payment, type Toota, type Trip } from '@toota/sdk'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createAccount } from '../../src/features/accounts/index.ts'
import { press, startCardServer, type CardServer } from './card-server.ts'
import { TRIP } from './far-api.ts'
import { losingFetch } from './losing-fetch.ts'
import { join, joinAsDriver, PASSWORD } from './people.ts'

const PATIENCE = { timeout: 15_000, interval: 50 }

describe('money by the SDK with a real server', () => {
  let server: CardServer
  let driver: Toota
  let customer: Toota
  let staff: Toota
  beforeAll(async () => {
    server = await startCardServer()
    driver = await joinAsDriver(server)
    customer = (await join(server, 'customer')).toota
    await customer.live.connect()
    const credentials = { role: 'staff', email: 'staff@example.com', password: PASSWORD } as const
    await createAccount(server.platform, credentials)
    staff = createToota({ baseUrl: server.address, WebSocket })
    await staff.account.signIn(credentials)
  })
  afterAll(async () => {
    driver.live.close()
    customer.live.close()
    expect(server.errors).toEqual([])
    await server.close()
  })

  /** From the offer to the end; `atPickup` is what the two do about the cash. */
  async function drive(trip: Trip, atPickup: () => Promise<unknown> = () => Promise.resolve()) {
    const driverId = driver.account.identity?.accountId ?? ''
    await vi.waitFor(() => customer.trips.offer(trip.id, driverId), PATIENCE)
    const [offer] = await driver.driving.openOffers()
    await driver.driving.accept(offer!)
    await driver.driving.reportStatus(trip.id, 'arrived_pickup')
    await atPickup()
    for (const status of ['loaded', 'completed'] as const) await driver.driving.reportStatus(trip.id, status)
  }

  it('[SK32] a card that is declined, then pays; the receipt, a refund and the payout', async () => {
    const trip = await customer.trips.request(TRIP)
    const declined = await customer.trips.pay(trip.id, 'card')
    expect(declined).toMatchObject({ status: 'pending', amount: trip.fare, creditMinor: 0 })
    await press(declined.link, 'decline')
    expect(await customer.trips.awaitPayment(trip.id)).toMatchObject({ id: declined.id, status: 'failed' })

    const payment = await customer.trips.pay(trip.id, 'card')
    expect(payment.id).not.toBe(declined.id)
    const told = customer.live.next('payment.changed', ({ data }) => data.status === 'success')
    const paid = customer.trips.awaitPayment(trip.id)
    expect(await press(payment.link, 'pay')).toContain('Thank you')
    expect(await paid).toMatchObject({ id: payment.id, status: 'success' })
    expect((await told).data).toMatchObject({ tripId: trip.id, paymentId: payment.id, method: 'card' })
    await expect(customer.trips.payInCash(trip.id)).rejects.toMatchObject({ code: 'already-paid' })

    await expect(customer.trips.receipt(trip.id)).rejects.toMatchObject({ code: 'not-found' })
    await drive(trip)
    const { amountMinor } = trip.fare
    expect(await customer.trips.receipt(trip.id)).toMatchObject({
      totalMinor: amountMinor,
      payments: [{ by: 'card', amountMinor }],
    })
    const pdf = await customer.trips.receiptPdf(trip.id)
    expect(
      Buffer.from(await pdf.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-')

    const refund = { amountMinor: 500, reason: 'The sofa came late' }
    expect(await staff.staff.refund(payment.id, refund)).toMatchObject({ to: 'payment-method' })
    const { totals, settlements } = await driver.earnings.page()
    const earningMinor = amountMinor - Math.round(amountMinor * 0.2)
    expect(totals).toEqual([{ currency: 'ZAR', trips: 1, fareMinor: amountMinor, earningMinor }])
    expect(settlements).toMatchObject([{ tripId: trip.id, earningMinor, fareMinor: amountMinor }])
    expect(await driver.earnings.balances()).toMatchObject([{ earnedMinor: earningMinor, owedMinor: 0 }])
  })

  it('[SK32] earnings are paid out', async () => {
    expect(await driver.earnings.payoutAccount()).toBeNull()
    const order = { amountMinor: 5_000, currency: 'ZAR' } as const
    await expect(driver.earnings.requestPayout(order)).rejects.toMatchObject({
      code: 'payout-account-missing',
    })
    const account = {
      kind: 'bank',
      name: 'S Dlamini',
      accountNumber: '62005554321',
      bankCode: '632005',
    } as const
    expect(await driver.earnings.savePayoutAccount(account)).toMatchObject({ accountNumber: '4321' })
    const [before] = await driver.earnings.balances()
    const done = driver.live.next('payout.changed', ({ data }) => data.state === 'paid')
    const payout = await driver.earnings.requestPayout(order)
    expect(payout).toMatchObject({ state: 'created', accountNumber: '4321' })
    expect((await done).data.payoutId).toBe(payout.id)
    expect(await driver.earnings.payouts()).toMatchObject({ payouts: [{ id: payout.id, state: 'paid' }] })
    const [after] = await driver.earnings.balances()
    expect(after?.earnedMinor).toBe((before?.earnedMinor ?? 0) - 5_000)
  })

  it('[SK32] a code settles cash for both, and too much becomes credit that pays for the next trip', async () => {
    const first = await customer.trips.request(TRIP)
    const { cashCode, amount } = await customer.trips.payInCash(first.id)
    const receivedMinor = amount.amountMinor + 700
    let stated: Payment | undefined
    await drive(first, async () => {
      const wrong = driver.driving.receiveCash(first.id, { code: cashCode === '000000' ? '1' : '000000' })
      await expect(wrong).rejects.toMatchObject({ code: 'wrong-code' })
      stated = await driver.driving.receiveCash(first.id, { receivedMinor, code: cashCode ?? '' })
    })
    expect(stated).toMatchObject({ receivedMinor, confirmedMinor: receivedMinor, cashCode: null })
    expect(await customer.account.balances()).toMatchObject([{ currency: 'ZAR', creditMinor: 700 }])

    const second = await customer.trips.request(TRIP)
    const payment = await customer.trips.payInCash(second.id)
    expect(payment).toMatchObject({
      creditMinor: 700,
      amount: { amountMinor: second.fare.amountMinor - 700 },
    })
    await customer.trips.cancel(second.id)
    expect((await staff.staff.cases()).cases).toEqual([])
  })

  it('[SK32] a cash dispute goes from both sides to staff, who settle it', async () => {
    const trip = await customer.trips.request(TRIP)
    const { amount } = await customer.trips.payInCash(trip.id)
    await drive(trip, () => driver.driving.receiveCash(trip.id))
    const confirmed = await customer.trips.confirmCash(trip.id, amount.amountMinor + 1_000)
    expect(confirmed).toMatchObject({ confirmedMinor: amount.amountMinor + 1_000, status: 'success' })

    const { cases } = await staff.staff.cases({ limit: 1 })
    expect(cases).toMatchObject([{ kind: 'cash-disputed', tripId: trip.id, resolvedAt: null }])
    const resolution = { cashMinor: amount.amountMinor + 1_000, note: 'The driver had no change' }
    const settled = await staff.staff.resolveCase(cases[0]?.id ?? '', resolution)
    expect(settled).toMatchObject({ resolution, resolvedBy: staff.account.identity?.accountId })
    expect((await staff.staff.cases({ state: 'resolved' })).cases).toMatchObject([{ id: settled.id }])
    expect(await customer.account.balances()).toMatchObject([{ creditMinor: 1_000 }])

    const span = { from: '2026-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }
    const { totals } = await driver.earnings.page()
    expect(await staff.staff.statements(span)).toMatchObject([
      { market: 'ZA', trips: 3, faresMinor: totals[0]?.fareMinor, earningsMinor: totals[0]?.earningMinor },
    ])
    const listed: string[] = []
    for await (const { tripId } of driver.earnings.all({ limit: 2 })) listed.push(tripId)
    expect(listed).toHaveLength(3)
    expect(listed[0]).toBe(trip.id)
  })

  it('[SK42] a payment and a payout whose answers were lost are made once', async () => {
    const losing = losingFetch()
    const options = { fetch: losing.fetch, random: () => 0 }
    const { toota } = await join(server, 'customer', options)
    const trip = await toota.trips.request(TRIP)
    const pages = (): number => server.gateways.effects().paystack.calls['initialize'] ?? 0
    const before = pages()
    losing.loseNext(`/v1/trips/${trip.id}/payment`)
    const payment = await toota.trips.pay(trip.id, 'card')
    expect(payment.link).toContain('/pay/paystack/')
    expect(pages() - before).toBe(1)

    const same = createToota({ baseUrl: server.address, WebSocket, ...options })
    await same.account.signIn({ role: 'driver', email: await emailOf(driver), password: PASSWORD })
    losing.loseNext('/v1/me/payouts')
    await same.earnings.requestPayout({ amountMinor: 2_000, currency: 'ZAR' })
    expect(losing.lost()).toBe(2)
    expect((await driver.earnings.payouts()).payouts.map(({ amount }) => amount.amountMinor)).toEqual([
      2_000, 5_000,
    ])
  })
})

const emailOf = async (toota: Toota): Promise<string> => (await toota.account.profile()).email
