import { Refusal } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Transfers } from '../../platform/gateways/gateway.ts'
import type { NewsItem } from '../../platform/news.ts'
import type { Platform, Settings } from '../../platform/platform.ts'
import { post } from '../ledger/index.ts'
import { openCase } from '../payments/index.ts'
import { askTransfer, sendTransfer } from './ask-gateway.ts'
import { judge, type Answer, type Verdict } from './model/judgement.ts'
import { isOpen, nextEndedLook, nextOpenLook, type Payout } from './model/payout.ts'
import { payoutChanged } from './payout-news.ts'
import {
  claimPayoutOf,
  endPayout,
  lockClaimed,
  markPayoutSent,
  releasePayout,
  type ClaimedPayout,
} from './payout-store.ts'
import { payoutBooked } from './postings.ts'

export type World = Pick<Platform, 'db' | 'news' | 'gateways' | 'log'> & {
  readonly settings: Pick<Settings, 'companyName'>
}

/** Two questions, a transfer and two more questions, each as slow as a gateway may be, fit into it. */
export const LEASE_SECONDS = 180

/** Why it is looked at: a look of the schedule decides when the next one is. */
type Occasion = 'schedule' | 'event'

/**
 * Takes a claimed payout one step further and answers what was heard; undefined when another process has taken it over. The
 * first time it is sent; ever after the gateway is asked first, and it is sent again, under the same reference, only when the
 * gateway has never heard of it. So no answer that was lost pays anybody twice.
 */
export async function advancePayout(
  platform: World,
  payout: ClaimedPayout,
  occasion: Occasion,
): Promise<Answer['heard'] | undefined> {
  const transfers = platform.gateways.named(payout.gateway)?.transfers
  const answer: Answer | undefined = transfers
    ? await ask(platform, transfers, payout)
    : { heard: 'silence', reason: 'not set up' }
  if (!answer) return undefined
  if (answer.heard === 'refusal')
    platform.log.warn(
      { payoutId: payout.id, gateway: payout.gateway, reason: answer.reason },
      'a payout was refused',
    )
  return platform.db.transaction(async (tx) => {
    const current = await lockClaimed(tx, payout)
    // What we have heard may be older than what the other one hears.
    if (!current) return undefined
    await platform.news.append(tx, await record(tx, current, answer, occasion))
    return answer.heard
  })
}

/**
 * What a webhook has pointed at, also when it ended long ago. Refuses gateway-unavailable when nothing could be learned, so that
 * the event is worked off later.
 */
export async function advancePayoutByReference(platform: World, reference: string): Promise<void> {
  const payout = await claimPayoutOf(platform.db.single, reference, LEASE_SECONDS)
  if (payout === undefined) return
  const heard = payout === 'busy' ? undefined : await advancePayout(platform, payout, 'event')
  if (heard === undefined || heard === 'silence') throw new Refusal('gateway-unavailable')
}

async function ask(
  platform: World,
  transfers: Transfers,
  payout: ClaimedPayout,
): Promise<Answer | undefined> {
  if (payout.wasSent) {
    const answer = await askTransfer(transfers, payout)
    if (answer.heard !== 'absence' || !isOpen(payout)) return answer
  }
  const isOurs = await platform.db.transaction(async (tx) => {
    const marked = await markPayoutSent(tx, payout)
    if (marked?.isFirst) await platform.news.append(tx, [payoutChanged(payout, 'sent')])
    return marked !== undefined
  })
  return isOurs ? sendTransfer(transfers, payout, `${platform.settings.companyName} earnings`) : undefined
}

async function record(tx: Tx, payout: Payout, answer: Answer, occasion: Occasion): Promise<NewsItem[]> {
  const verdict = judge(payout.state, answer)
  const gatewayId = answer.heard === 'state' ? answer.gatewayId : null
  if (verdict.attention !== undefined) await stuck(tx, payout, verdict.attention)
  if (verdict.verdict === 'end') return end(tx, payout, verdict, gatewayId)
  if (occasion === 'event') await releasePayout(tx, payout.id, gatewayId)
  else await wait(tx, payout, gatewayId)
  return []
}

async function wait(tx: Tx, payout: Payout, gatewayId: string | null): Promise<void> {
  if (!isOpen(payout)) return releasePayout(tx, payout.id, gatewayId, nextEndedLook(payout.looks))
  const { seconds, isOverdue } = nextOpenLook(payout.looks)
  if (isOverdue) await stuck(tx, payout, 'nothing is heard of it')
  await releasePayout(tx, payout.id, gatewayId, seconds)
}

async function end(
  tx: Tx,
  payout: Payout,
  { state, bookings, failure }: Extract<Verdict, { verdict: 'end' }>,
  gatewayId: string | null,
): Promise<NewsItem[]> {
  for (const booking of bookings)
    if (!(await post(tx, payoutBooked(payout, booking))))
      throw new Error(`payout ${payout.id}: ${booking} was booked before`)
  await endPayout(tx, payout.id, {
    state,
    gatewayId,
    failure,
    lookAfterSeconds: state === 'reversed' ? null : nextEndedLook(0),
  })
  return [payoutChanged(payout, state)]
}

const stuck = (tx: Tx, payout: Payout, reason: string): Promise<void> =>
  openCase(tx, {
    kind: 'payout-stuck',
    about: isOpen(payout) ? payout.id : `${payout.id}:${payout.state}`,
    payoutId: payout.id,
    details: { reason, ...payout.amount, gateway: payout.gateway },
  })
