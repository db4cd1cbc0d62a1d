import type { Outcome, TransferReport, Transfers } from '../../platform/gateways/gateway.ts'
import type { Answer } from './model/judgement.ts'
import type { Payout } from './model/payout.ts'

/** What the gateway knows of the transfer. That it takes our question amiss says nothing about the money. */
export async function askTransfer(transfers: Transfers, payout: Payout): Promise<Answer> {
  const { reference, gatewayId, createdAt } = payout
  return answerOf(await transfers.check({ reference, gatewayId, createdAt }))
}

/**
 * Has the transfer made. A refusal is believed only once the gateway knows of no transfer either: it could be the refusal of a
 * second one, in words that we do not understand, and then the money is on its way.
 */
export async function sendTransfer(transfers: Transfers, payout: Payout, reason: string): Promise<Answer> {
  const { reference, amount, destination } = payout
  const sent = await transfers.send({ reference, amount, account: destination, reason })
  if (sent.outcome !== 'refused') return answerOf(sent)
  const known = await askTransfer(transfers, payout)
  return known.heard === 'absence' ? { heard: 'refusal', reason: sent.reason } : known
}

function answerOf(outcome: Outcome<TransferReport | { readonly state: 'missing' }>): Answer {
  if (outcome.outcome !== 'done') return { heard: 'silence', reason: outcome.reason }
  const report = outcome.value
  return report.state === 'missing' ? { heard: 'absence' } : { heard: 'state', ...report }
}
