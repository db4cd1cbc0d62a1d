import { inData, type Page } from './answer-parts.ts'
import {
  flutterwavePage,
  flutterwaveTransfer,
  TRANSFER_STATES,
  type FlutterwaveTransfer,
} from './flutterwave-answers.ts'
import { outcomeOf, wordsOf, type GatewayHttp, type Reply } from './gateway-http.ts'
import type { Outcome, TransferOrder, TransferReport, Transfers } from './gateway.ts'
import { majorOf } from './money-units.ts'
import { done, unknown, unknownWord } from './outcome.ts'
import { readPages } from './read-pages.ts'

/** Banks cut longer ones anywhere. */
const LONGEST_NARRATION = 100

/** Money to a driver, from our balance at Flutterwave. A reference is used once. */
export function flutterwaveTransfers(http: GatewayHttp, secretKey: string): Transfers {
  const report = (transfer: FlutterwaveTransfer): Outcome<TransferReport> => {
    const { id, status, complete_message: message } = transfer
    const state = TRANSFER_STATES[status]
    if (!state) return unknownWord(status)
    const reason = message ? wordsOf(message, secretKey) : status
    return done({ state, gatewayId: id, ...((state === 'failed' || state === 'reversed') && { reason }) })
  }
  return {
    async send(order) {
      const reply = await http.ask(
        { name: 'sendTransfer', method: 'POST', path: '/transfers', body: bodyOf(order) },
        inData(flutterwaveTransfer),
      )
      // An earlier call has arrived, and the check says what became of it.
      if (reply.reply === 'refused' && /\breference\b/i.test(reply.reason) && DUPLICATE.test(reply.reason))
        return unknown('duplicate-reference')
      return outcomeOf(reply, (transfer) =>
        transfer.reference && transfer.reference !== order.reference
          ? unknown('other-reference')
          : report(transfer),
      )
    },
    async check({ reference, gatewayId }) {
      const known =
        gatewayId !== null && /^\d{1,16}$/.test(gatewayId) ? await byId(http, gatewayId) : undefined
      if (known?.reply === 'unknown') return unknown(known.reason)
      if (known?.reply === 'read' && known.value.reference === reference) return report(known.value)
      const listed = await readPages((page) => byReference(http, reference, page))
      if (listed.outcome !== 'done') return listed
      // The list is searched, not trusted to be filtered.
      const ours = listed.value.find((transfer) => transfer.reference === reference)
      return ours ? report(ours) : done({ state: 'missing' })
    },
  }
}

const DUPLICATE = /\b(duplicate|already|exists?|unique)\b/i

const bodyOf = ({ reference, amount, account, reason }: TransferOrder) => ({
  account_bank: account.bankCode,
  account_number: account.accountNumber,
  beneficiary_name: account.name,
  amount: majorOf(amount.amountMinor),
  currency: amount.currency,
  debit_currency: amount.currency,
  narration: reason.slice(0, LONGEST_NARRATION),
  reference,
})

const byId = (http: GatewayHttp, id: string): Promise<Reply<FlutterwaveTransfer>> =>
  http.ask({ name: 'checkTransfer', method: 'GET', path: `/transfers/${id}` }, inData(flutterwaveTransfer))

function byReference(
  http: GatewayHttp,
  reference: string,
  page: number,
): Promise<Reply<Page<FlutterwaveTransfer>>> {
  const query = new URLSearchParams({ reference, page: String(page) })
  return http.ask(
    { name: 'checkTransfer', method: 'GET', path: `/transfers?${query}` },
    flutterwavePage(flutterwaveTransfer),
  )
}
