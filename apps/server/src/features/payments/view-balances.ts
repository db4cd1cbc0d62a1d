import type { Currency, Market } from '@toota/contract'
import type { AccountId } from '../../kernel/index.ts'
import type { Platform, Settings } from '../../platform/platform.ts'
import { findBalancesOf } from '../ledger/index.ts'
import { debtOf } from './cash-float.ts'

/** Minor units. A customer's: credit, held, owed. A driver's: earned, owed, withheld, and how much he may owe. */
export type AccountBalance = {
  readonly currency: Currency
  readonly creditMinor: number
  readonly heldMinor: number
  readonly owedMinor: number
  readonly earnedMinor: number
  readonly withheldMinor: number
  readonly cashLimitMinor: number | null
  readonly mayTakeCash: boolean
}

const MARKET_OF: Readonly<Record<Currency, Market>> = { ZAR: 'ZA', NGN: 'NG', KES: 'KE', GHS: 'GH' }

/** What somebody has and owes, in each currency he ever had. */
export async function viewBalances(
  { db, settings }: Pick<Platform, 'db'> & { readonly settings: Pick<Settings, 'cashFloatLimitMinor'> },
  accountId: AccountId,
  role: 'customer' | 'driver',
): Promise<AccountBalance[]> {
  const found = await findBalancesOf(db.single, accountId)
  const currencies = [...new Set(found.map(({ currency }) => currency))]
  return currencies.map((currency) => {
    const of = (kind: string): number =>
      found.find((each) => each.kind === kind && each.currency === currency)?.balanceMinor ?? 0
    const limitMinor = settings.cashFloatLimitMinor[MARKET_OF[currency]]
    const debtMinor = debtOf(of('driver'))
    const isDriver = role === 'driver'
    return {
      currency,
      creditMinor: of('credit'),
      heldMinor: of('held'),
      owedMinor: isDriver ? debtMinor : Math.max(0, -of('receivable')),
      earnedMinor: Math.max(0, of('driver')),
      withheldMinor: of('withheld'),
      cashLimitMinor: isDriver ? limitMinor : null,
      mayTakeCash: !isDriver || debtMinor <= limitMinor,
    }
  })
}
