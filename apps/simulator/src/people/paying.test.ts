import { createToota, type Payment } from '@toota/sdk'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Paying } from '../paying-plan.ts'
import { newRecord } from '../record.ts'
import { createTill } from '../till.ts'
import type { Errand } from './errand.ts'
import { payFor } from './paying.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const TEST_PAGE = '<header>TEST GATEWAY</header><h1>ZAR 412.50</h1>'
const BY_CARD: Paying = { method: 'card', isDeclinedFirst: false }
const TOKENS = { accountId: 'me', role: 'customer', accessToken: 'a', refreshToken: 'r' }
const FOR_LONG = { accessExpiresAt: '2999-01-01T00:00:00Z', refreshExpiresAt: '2999-01-01T00:00:00Z' }

/** A server and the payment page beside it: `presses` are the buttons that were pressed. */
async function serve(page: string | undefined): Promise<{ baseUrl: string; presses: string[] }> {
  const presses: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (data: Buffer) => (body += data.toString('utf8')))
    request.on('end', () => {
      const { method, url = '' } = request
      const answer = (status: number, of: object): void =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(of))
      const payment = (by: string, status: Payment['status']): object => ({
        ...{ id: 'p', method: by, status, creditMinor: 0 },
        amount: { amountMinor: 41_250, currency: 'ZAR' },
        link: by === 'cash' ? null : `${baseUrl}/page`,
      })
      if (url === '/v1/sessions') answer(201, { ...TOKENS, ...FOR_LONG })
      else if (url === '/page') {
        if (method === 'POST') presses.push(body)
        response.end(page)
      } else if (url.endsWith('/check'))
        answer(200, payment('card', presses.at(-1) === 'action=pay' ? 'success' : 'failed'))
      else if (body.includes('cash')) answer(201, payment('cash', 'pending'))
      else if (page === undefined)
        answer(503, { code: 'payment-unavailable', title: 'No.', status: 503, retryable: false })
      else answer(201, payment('card', 'pending'))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { baseUrl, presses }
}

/** Two people pay like this, at the same time unless one has to wait for the other. */
async function payTwice(baseUrl: string, paying: Paying, { isInTurn = false } = {}) {
  const said: string[] = []
  const toota = createToota({ baseUrl })
  await toota.account.signIn({ role: 'customer', email: 'a', password: 'b' })
  const till = createTill({ say: (text) => said.push(text) })
  const records = [newRecord(1), newRecord(2)]
  const tell = (text: string): void => void said.push(text)
  const payments: Promise<void>[] = []
  for (const record of records) {
    const scene = { record, plan: { paying } }
    const errand = { toota, name: 'Thandi', scene, world: { till }, tell } as unknown as Errand
    payments.push(payFor(errand, 'trip'))
    if (isInTurn) await payments.at(-1)
  }
  await Promise.all(payments)
  return { said, records }
}

describe('paying', () => {
  it('[SI16] presses the buttons of a test page, also after a card was declined', async () => {
    const { baseUrl, presses } = await serve(TEST_PAGE)
    const { said, records } = await payTwice(
      baseUrl,
      { method: 'card', isDeclinedFirst: true },
      { isInTurn: true },
    )
    expect(presses).toEqual(['action=decline', 'action=pay', 'action=decline', 'action=pay'])
    expect(records[0]).toMatchObject({ method: 'card', onlineMinor: 41_250, cardsDeclined: 1 })
    expect(said.slice(0, 2)).toEqual([
      "Thandi's card is declined, and another one is tried",
      'Thandi pays R 412.50 by card',
    ])
  })

  it('[SI16] presses nothing on a real page: everybody pays in cash, which is said once', async () => {
    const { baseUrl, presses } = await serve('<h1>Pay ZAR 412.50 with your card</h1>')
    const { said, records } = await payTwice(baseUrl, BY_CARD)
    expect(presses).toEqual([])
    expect(said).toEqual([`The payment page ${baseUrl} is no test gateway's: everybody pays in cash.`])
    expect(records).toMatchObject([{ method: 'cash', onlineMinor: 0 }, { method: 'cash' }])
  })

  it('[SI16] pays in cash where no payment service is set up', async () => {
    const { baseUrl } = await serve(undefined)
    const { said, records } = await payTwice(baseUrl, BY_CARD)
    expect(said).toEqual(['No payment service is set up at this server: everybody pays in cash.'])
    expect(records).toMatchObject([{ method: 'cash' }, { method: 'cash' }])
  })

  it('[SI16] pays no other amount than the one that is due', async () => {
    const { baseUrl, presses } = await serve(TEST_PAGE.replace('412', '512'))
    await expect(payTwice(baseUrl, BY_CARD)).rejects.toThrow('does not ask for ZAR 412.50')
    expect(presses).toEqual([])
  })
})
