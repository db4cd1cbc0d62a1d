import type { State } from './state.ts'
import { GATEWAYS, type GatewayName } from './wire.ts'

/** One charge, refund or transfer. */
export type Moved = {
  readonly id: number | string
  readonly amountMinor: number
  readonly currency: string
  readonly status: string
}

/** Money that was moved, or is going to be, in the name of one reference; what failed is not among it. */
export type Effects = {
  readonly charges: readonly Moved[]
  readonly refunds: readonly Moved[]
  readonly transfers: readonly Moved[]
}

/** What a merchant's account at the gateway amounts to, in one currency. */
export type Totals = {
  chargedMinor: number
  /** Of the charged, what banks took back. */
  reversedMinor: number
  feesMinor: number
  refundingMinor: number
  refundedMinor: number
  transferringMinor: number
  transferredMinor: number
}

/** What one gateway did. */
export type GatewayEffects = {
  readonly references: Readonly<Record<string, Effects>>
  readonly totals: Readonly<Record<string, Totals>>
  /** How often each call came, answered or not: `initialize`, `verify` … */
  readonly calls: Readonly<Record<string, number>>
}

/** All that the gateways did. */
export const effectsOfAll = (state: State): Record<GatewayName, GatewayEffects> => ({
  paystack: effectsOfGateway(state, 'paystack'),
  flutterwave: effectsOfGateway(state, 'flutterwave'),
  yoco: effectsOfGateway(state, 'yoco'),
})

/** What all gateways together did in the name of a reference. */
export function effectsOf(
  state: State,
  reference: string,
  gateways = GATEWAYS as readonly GatewayName[],
): Effects {
  const payments = gateways.flatMap((gateway) => state.paymentsOf(gateway, reference))
  const transfers = gateways.flatMap((gateway) => state.transfer(gateway, reference) ?? [])
  return {
    charges: payments
      .flatMap(({ charges }) => charges)
      .filter(hasNotFailed)
      .map(movedOf),
    refunds: payments
      .flatMap((payment) => state.refundsOf(payment))
      .filter(hasNotFailed)
      .map(movedOf),
    transfers: transfers.filter(hasNotFailed).map(movedOf),
  }
}

function effectsOfGateway(state: State, gateway: GatewayName): GatewayEffects {
  const payments = state.payments(gateway)
  const references = new Set([...payments, ...state.transfers(gateway)].map(({ reference }) => reference))
  return {
    references: Object.fromEntries(
      [...references].map((reference) => [reference, effectsOf(state, reference, [gateway])]),
    ),
    totals: totalsOf(state, gateway),
    calls: Object.fromEntries(
      [...state.calls]
        .filter(([call]) => call.startsWith(`${gateway}.`))
        .map(([call, count]) => [call.slice(gateway.length + 1), count]),
    ),
  }
}

function totalsOf(state: State, gateway: GatewayName): Record<string, Totals> {
  const totals: Record<string, Totals> = {}
  const add = (currency: string, name: keyof Totals, amountMinor: number): void => {
    totals[currency] ??= {
      chargedMinor: 0,
      reversedMinor: 0,
      feesMinor: 0,
      refundingMinor: 0,
      refundedMinor: 0,
      transferringMinor: 0,
      transferredMinor: 0,
    }
    totals[currency][name] += amountMinor
  }
  for (const charge of state
    .payments(gateway)
    .flatMap(({ charges }) => charges)
    .filter(hasNotFailed)) {
    add(charge.currency, 'chargedMinor', charge.amountMinor)
    add(charge.currency, 'feesMinor', charge.feeMinor)
    if (charge.status === 'reversed') add(charge.currency, 'reversedMinor', charge.amountMinor)
  }
  for (const { status, currency, amountMinor } of state.refunds(gateway).filter(hasNotFailed))
    add(currency, status === 'processed' ? 'refundedMinor' : 'refundingMinor', amountMinor)
  for (const { status, currency, amountMinor } of state.transfers(gateway).filter(hasNotFailed))
    if (status !== 'reversed')
      add(currency, status === 'success' ? 'transferredMinor' : 'transferringMinor', amountMinor)
  return totals
}

const hasNotFailed = ({ status }: { readonly status: string }): boolean => status !== 'failed'

const movedOf = ({ id, amountMinor, currency, status }: Moved): Moved => ({
  id,
  amountMinor,
  currency,
  status,
})
