import { newId, Refusal, type DriverId, type Money, type PayoutId } from '../../kernel/index.ts'
import type { Platform, Settings } from '../../platform/platform.ts'
import { lockBalance, post } from '../ledger/index.ts'
import { MARKET_OF, type Payout } from './model/payout.ts'
import { lockPayoutAccount } from './payout-account-store.ts'
import { payoutChanged } from './payout-news.ts'
import { hasOpenPayout, insertPayout } from './payout-store.ts'
import { payoutBegun } from './postings.ts'

type World = Pick<Platform, 'db' | 'news' | 'gateways'> & {
  readonly settings: Pick<Settings, 'minPayoutMinor'>
}

/**
 * A driver wants earnings paid out. They are off his balance, and the payout is written down with its reference, before any
 * gateway hears of it; `sendPayouts` sends it. Refuses payout-unavailable, payout-too-small, payout-account-missing,
 * payout-under-way, balance-too-low.
 */
export async function requestPayout(
  { db, news, gateways, settings }: World,
  driverId: DriverId,
  amount: Money,
): Promise<Payout> {
  const market = MARKET_OF[amount.currency]
  const gateway = gateways.forPayouts(market)
  if (!gateway?.transfers) throw new Refusal('payout-unavailable')
  const minimumMinor = settings.minPayoutMinor[market]
  if (amount.amountMinor < minimumMinor) throw new Refusal('payout-too-small', { minimumMinor })

  return db.transaction(async (tx) => {
    const account = await lockPayoutAccount(tx, driverId)
    if (!account) throw new Refusal('payout-account-missing')
    if (await hasOpenPayout(tx, driverId)) throw new Refusal('payout-under-way')
    const balanceMinor = await lockBalance(tx, { kind: 'driver', owner: driverId }, amount.currency)
    if (amount.amountMinor > balanceMinor) throw new Refusal('balance-too-low', { balanceMinor })

    const id = newId<PayoutId>()
    const payout = await insertPayout(tx, {
      id,
      driverId,
      gateway: gateway.name,
      reference: `payout-${id}`,
      amount,
      destination: account.destination,
    })
    await post(tx, payoutBegun(payout))
    await news.append(tx, [payoutChanged(payout, payout.state)])
    return payout
  })
}
