import type { Toota } from '@toota/sdk'
import type { Books, DriverBooks } from '../books.ts'

const CURRENCY = 'ZAR'

type Bookkeepers = {
  readonly drivers: readonly {
    readonly name: string
    readonly toota: Toota
    readonly cashMinor: () => number
  }[]
  readonly customers: readonly { readonly toota: Toota }[]
}

/** Asks everybody's account when the day is over. */
export async function readBooks({ drivers, customers }: Bookkeepers): Promise<Books> {
  let creditMinor = 0
  for (const { toota } of customers) creditMinor += (await balanceOf(toota))?.creditMinor ?? 0
  const books: DriverBooks[] = []
  for (const driver of drivers) books.push(await readDriver(driver))
  return { drivers: books, creditMinor }
}

async function readDriver({ name, toota, cashMinor }: Bookkeepers['drivers'][number]): Promise<DriverBooks> {
  const settlements: DriverBooks['settlements'][number][] = []
  for await (const settlement of toota.earnings.all({ limit: 100 })) settlements.push(settlement)
  const { totals } = await toota.earnings.page({ limit: 1 })
  const balance = await balanceOf(toota)
  return {
    name,
    cashMinor: cashMinor(),
    settlements,
    totalMinor: totals.find(({ currency }) => currency === CURRENCY)?.earningMinor ?? 0,
    balanceMinor: (balance?.earnedMinor ?? 0) - (balance?.owedMinor ?? 0),
  }
}

const balanceOf = async ({ account }: Toota) =>
  (await account.balances()).find(({ currency }) => currency === CURRENCY)
