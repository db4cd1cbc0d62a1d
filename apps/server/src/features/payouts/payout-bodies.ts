import { lastDigits, type Payout } from './model/payout.ts'
import type { ShownAccount } from './view-payout-account.ts'

/** A payout as its driver sees it. */
export const payoutBody = (payout: Payout) => ({
  id: payout.id,
  amount: payout.amount,
  state: payout.state,
  accountNumber: lastDigits(payout.destination.accountNumber),
  failure: payout.failure,
  createdAt: payout.createdAt.toISOString(),
  endedAt: payout.endedAt?.toISOString() ?? null,
})

export const accountBody = (account: ShownAccount | undefined) => ({
  account: account ? { ...account, changedAt: account.changedAt.toISOString() } : null,
})
