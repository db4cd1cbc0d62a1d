import type { Account, Posting } from '../ledger/index.ts'
import type { Booking } from './model/judgement.ts'
import type { Payout } from './model/payout.ts'

/** What each event of a payout means in the ledger. Credits are positive. */

/** Asked for: off the driver's balance before the gateway hears of it. */
export const payoutBegun = (payout: Payout): Posting => move(payout, 'payout', 'driver', 'payouts')

export function payoutBooked(payout: Payout, booking: Booking): Posting {
  switch (booking) {
    // It has left the gateway.
    case 'done':
      return move(payout, 'payout-done', 'payouts', 'clearing')
    // It never will: the driver has it back.
    case 'failed':
      return move(payout, 'payout-failed', 'payouts', 'driver')
    // It has left and come back.
    case 'reversed':
      return move(payout, 'payout-reversed', 'clearing', 'driver')
    // It has left although he had it back; what he has not got any more he owes.
    case 'done-late':
      return move(payout, 'payout-done-late', 'driver', 'clearing')
  }
}

type Place = 'driver' | 'payouts' | 'clearing'

function move(payout: Payout, kind: string, from: Place, to: Place): Posting {
  const { amountMinor, currency } = payout.amount
  return {
    kind,
    key: payout.id,
    currency,
    entries: [
      { account: accountOf(payout, from), amountMinor: -amountMinor },
      { account: accountOf(payout, to), amountMinor },
    ],
  }
}

const accountOf = ({ driverId, gateway }: Payout, place: Place): Account =>
  place === 'driver' ? { kind: place, owner: driverId } : { kind: place, owner: gateway }
