import type { Currency } from '@toota/contract'
import type { z } from 'zod'
import { inData } from './answer-parts.ts'
import { outcomeOf, type GatewayHttp } from './gateway-http.ts'
import type { Outcome, PayoutAccount, TransferOrder, TransferReport, Transfers } from './gateway.ts'
import { done, unknown, unknownWord } from './outcome.ts'
import { paystackRecipient, paystackTransfer, TRANSFER_STATES } from './paystack-answers.ts'

/** Money to a driver, from our balance at Paystack. Its reference is its idempotency key. */
export const paystackTransfers = (http: GatewayHttp): Transfers => ({
  send: (order) => send(http, order),
  async check({ reference }) {
    const reply = await http.ask(
      {
        name: 'checkTransfer',
        method: 'GET',
        path: `/transfer/verify/${encodeURIComponent(reference.toLowerCase())}`,
      },
      inData(paystackTransfer),
    )
    if (reply.reply === 'refused' && isNotFound(reply)) return done({ state: 'missing' })
    return outcomeOf(reply, (transfer) => reportOf(transfer, reference))
  },
})

const isNotFound = ({ status, reason }: { status: number; reason: string }): boolean =>
  status === 404 || (status === 400 && /\btransfer\b.*\bnot found\b/i.test(reason))

/**
 * Two calls: the recipient, whom Paystack knows again by his account, then the transfer. That the first came to nothing is told
 * like any doubt, since the check that follows says `missing` and the transfer may be sent.
 */
async function send(http: GatewayHttp, order: TransferOrder): Promise<Outcome<TransferReport>> {
  const { account, amount } = order
  const recipient = await http.ask(
    {
      name: 'createRecipient',
      method: 'POST',
      path: '/transferrecipient',
      body: {
        type: recipientType(account.kind, amount.currency),
        name: account.name,
        account_number: account.accountNumber,
        bank_code: account.bankCode,
        currency: amount.currency,
      },
    },
    inData(paystackRecipient),
  )
  if (recipient.reply !== 'read') return outcomeOf(recipient, () => unknown('unreadable'))

  const reply = await http.ask(
    {
      name: 'sendTransfer',
      method: 'POST',
      path: '/transfer',
      body: {
        source: 'balance',
        amount: amount.amountMinor,
        currency: amount.currency,
        recipient: recipient.value.recipient_code,
        reference: order.reference.toLowerCase(),
        reason: order.reason,
      },
    },
    inData(paystackTransfer),
  )
  // "Reference already exists on a transfer": an earlier call has arrived, and the check says what became of it.
  if (reply.reply === 'refused' && /\breference\b.*\b(exists|duplicate|unique)\b/i.test(reply.reason))
    return unknown('duplicate-reference')
  return outcomeOf(reply, (transfer) => reportOf(transfer, order.reference))
}

const BANKS: Readonly<Record<Currency, string>> = { NGN: 'nuban', GHS: 'ghipss', KES: 'kepss', ZAR: 'basa' }

const recipientType = (kind: PayoutAccount['kind'], currency: Currency): string =>
  kind === 'mobile_money' ? 'mobile_money' : BANKS[currency]

function reportOf(transfer: z.infer<typeof paystackTransfer>, reference: string): Outcome<TransferReport> {
  const { status, transfer_code: code, id } = transfer
  if (transfer.reference && transfer.reference !== reference.toLowerCase()) return unknown('other-reference')
  const state = TRANSFER_STATES[status]
  if (!state) return unknownWord(status)
  const isUsual = state === 'sent' || state === 'done'
  return done({ state, gatewayId: code ?? id ?? null, ...(!isUsual && { reason: status }) })
}
