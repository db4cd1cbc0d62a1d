import type { GatewayName, PaymentMethod } from '@toota/contract'
import { FORGERIES, type Forgery } from '../gateways/signatures.ts'
import type { PaymentScript } from '../gateways/scripts.ts'
import { createRandom } from '../random.ts'

/*
 * What happens in one history, as data that follows from a seed alone: what the customer does, in its order, and what of it
 * reaches us, in any order and number. The poll-only twin has the same customer, and nobody who tells us of him.
 *
 * Where the twins differ by nature, the storyline is not told here but tested apart (order-bound.int.test.ts):
 *  - a second transaction of one reference (Flutterwave): asked by the reference, it shows its last transaction alone;
 *  - a reversal or a dispute: a poll asks no more once it is paid;
 *  - how a refund of Yoco's ended that was not done at once: only its webhook says so;
 *  - of two attempts that both pay, which one counts is whichever is seen first. So both are plain successes, and the sums
 *    are compared instead of which of the two went back;
 *  - what a customer may choose depends on what is known: before he chooses again after having paid something, drives or pays
 *    the rest, all is observed (`observe`), in both runs.
 */

/** What the customer does. `attempt` counts the payments that he has chosen. */
export type Deed =
  | { readonly deed: 'choose'; readonly method: PaymentMethod }
  | {
      readonly deed: 'act'
      readonly attempt: number
      readonly action: 'pay' | 'decline' | 'cancel'
      readonly script: PaymentScript
    }
  | { readonly deed: 'observe' | 'cancel-trip' | 'expire-trip' | 'drive' }

/** What of it reaches us, or is asked. `pick` and the like are shares of 1, of what there is by then. */
export type Delivery =
  | { readonly kind: 'webhook'; readonly pick: number; readonly copies: number; readonly forgery?: Forgery }
  | {
      readonly kind: 'redirect'
      readonly pick: number
      readonly names: 'nothing' | 'its own' | 'a stranger' | 'nonsense'
    }
  | { readonly kind: 'work' | 'check' | 'tick' }
  | { readonly kind: 'sweep' | 'refunds'; readonly workers: 1 | 2 }

export type Step = {
  readonly deed: Deed
  /** At the same time as the deed. */
  readonly beside: readonly Delivery[]
  /** Afterwards: groups, one after the other, each all at once. */
  readonly then: readonly (readonly Delivery[])[]
}

export type Storyline = {
  readonly seed: number
  readonly fareMinor: number
  readonly creditMinor: number
  readonly steps: readonly Step[]
  /** Between the last sweeps: webhooks of three days ago, and again. */
  readonly late: readonly (readonly Delivery[])[]
  /** With several attempts only sums say the same, see above. */
  readonly hasSeveral: boolean
}

type Random = () => number

/** The storyline of a seed. */
export function storylineOf(seed: number, gateway: GatewayName): Storyline {
  const random = createRandom(Math.imul(seed, 0x9e3779b1) ^ gateway.length)
  const fareMinor = 5_000 + Math.floor(random() * 60_000)
  const creditMinor = creditOf(random, fareMinor)
  const deeds = creditMinor >= fareMinor ? [choose('card'), ...endOf(random)] : deedsOf(random, gateway)
  const budget = { sweeps: 3, refunds: 2 }
  return {
    seed,
    fareMinor,
    creditMinor,
    steps: deeds.map((deed) => ({
      deed,
      beside: deed.deed === 'expire-trip' ? [] : groupOf(random, budget, 2),
      then: Array.from({ length: Math.floor(random() * 3) }, () => groupOf(random, budget, 4)),
    })),
    late: Array.from({ length: Math.floor(random() * 3) }, () => groupOf(random, budget, 4)),
    hasSeveral: deeds.filter(({ deed }) => deed === 'choose').length > 1,
  }
}

function creditOf(random: Random, fareMinor: number): number {
  const share = random()
  if (share < 0.7) return 0
  return share < 0.95 ? 1 + Math.floor(random() * (fareMinor - 1)) : fareMinor + Math.floor(random() * 100)
}

const choose = (method: PaymentMethod): Deed => ({ deed: 'choose', method })
const OBSERVE: Deed = { deed: 'observe' }

const act = (attempt: number, action: 'pay' | 'decline' | 'cancel', script: PaymentScript = 'success') =>
  ({ deed: 'act', attempt, action, script }) as const

function pickOf<T>(random: Random, weighted: readonly (readonly [weight: number, value: T])[]): T {
  let left = random() * weighted.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, value] of weighted) if ((left -= weight) < 0) return value
  return weighted.at(-1)![1]
}

function deedsOf(random: Random, gateway: GatewayName): Deed[] {
  const tell = pickOf(random, [
    [50, payOnce],
    [25, payReplaced],
    [10, payTheRest],
    [5, driveIt],
  ])
  return tell(random, gateway)
}

/** He hesitates: gives up, is declined, or both, and may come back to the page. */
const hesitate = (random: Random, attempt: number): Deed[] =>
  pickOf(random, [
    [50, []],
    [20, [act(attempt, 'cancel')]],
    [25, [act(attempt, 'decline')]],
    [5, [act(attempt, 'cancel'), act(attempt, 'decline')]],
  ])

/** How the trip ends, if it does. */
const endOf = (random: Random): Deed[] =>
  pickOf<Deed[]>(random, [
    [50, []],
    [35, [{ deed: 'cancel-trip' }]],
    [15, [{ deed: 'expire-trip' }]],
  ])

/** What becomes of refunds; that one of Yoco's failed only its webhook tells. */
const refundScript = (random: Random, gateway: GatewayName) =>
  pickOf<PaymentScript>(random, [
    [70, 'success'],
    [gateway === 'yoco' ? 0 : 15, 'refund-failed'],
    [15, 'refund-needs-attention'],
  ])

function payOnce(random: Random, gateway: GatewayName): Deed[] {
  const end = endOf(random)
  const script = pickOf<PaymentScript | 'none'>(random, [
    [45, end.length > 0 ? refundScript(random, gateway) : 'success'],
    [10, 'overpay'],
    [8, 'underpay'],
    [5, 'other-currency'],
    [4, 'other-reference'],
    [5, 'domain-test'],
    [4, 'fail'],
    [10, 'none'],
  ])
  const pay = script === 'none' ? [] : [act(0, 'pay', script)]
  const rest = random() < 0.3 ? [...end, ...pay] : [...pay, ...end]
  return [choose('card'), ...hesitate(random, 0), ...rest]
}

/** A second attempt takes the place of the first, and either may be paid, or both, in any order. */
function payReplaced(random: Random, gateway: GatewayName): Deed[] {
  const second = pickOf<PaymentMethod>(random, [
    [80, 'bank_transfer'],
    [20, 'cash'],
  ])
  const refunds = refundScript(random, gateway)
  const other = pickOf<PaymentScript>(random, [
    [80, refunds],
    [10, 'underpay'],
    [10, 'other-currency'],
  ])
  const paidOne = pickOf(random, [
    [35, [act(0, 'pay', refunds)]],
    [25, [act(0, 'pay', other)]],
    [40, []],
  ])
  const paidOther = second === 'cash' || random() < 0.25 ? [] : [act(1, 'pay', refunds)]
  const pays = random() < 0.5 ? [...paidOne, ...paidOther] : [...paidOther, ...paidOne]
  return [choose('card'), ...hesitate(random, 0), choose(second), ...pays, ...endOf(random)]
}

/** Too little: what he paid makes the next attempt cheaper, if we know of it by then. */
function payTheRest(random: Random): Deed[] {
  const again = pickOf<PaymentMethod>(random, [
    [50, 'card'],
    [50, 'bank_transfer'],
  ])
  const pay = pickOf<Deed[]>(random, [
    [60, [act(1, 'pay')]],
    [20, [act(1, 'pay', 'overpay')]],
    [20, []],
  ])
  return [choose('card'), act(0, 'pay', 'underpay'), OBSERVE, choose(again), ...pay, ...endOf(random)]
}

/** Paid and driven; and then an old page is paid as well. */
function driveIt(random: Random): Deed[] {
  const isReplaced = random() < 0.5
  const drive: Deed[] = [OBSERVE, { deed: 'drive' }]
  return isReplaced
    ? [choose('card'), choose('bank_transfer'), act(1, 'pay'), ...drive, act(0, 'pay')]
    : [choose('card'), ...hesitate(random, 0), act(0, 'pay', 'overpay'), ...drive]
}

type Budget = { sweeps: number; refunds: number }

/**
 * Up to `most` deliveries at once. Sweeps are counted: the sixth of a payment gives up on it, and what is paid afterwards
 * only webhooks and the reconciliation of the day would tell.
 */
function groupOf(random: Random, budget: Budget, most: number): Delivery[] {
  const group: Delivery[] = []
  const size = Math.floor(random() * (most + 1))
  for (let n = 0; n < size; n++) group.push(deliveryOf(random, budget))
  return group
}

function deliveryOf(random: Random, budget: Budget): Delivery {
  const kind = pickOf<Delivery['kind']>(random, [
    [40, 'webhook'],
    [25, 'work'],
    [15, 'redirect'],
    [8, 'check'],
    [budget.sweeps > 0 ? 8 : 0, 'sweep'],
    [budget.refunds > 0 ? 8 : 0, 'refunds'],
    [4, 'tick'],
  ])
  const workers = random() < 0.3 ? 2 : 1
  const pick = random()
  switch (kind) {
    case 'webhook': {
      const copies = 1 + Math.floor(random() * 3)
      const forgery = random() < 0.15 ? FORGERIES[Math.floor(random() * FORGERIES.length)] : undefined
      return { kind, pick, copies, ...(forgery && { forgery }) }
    }
    case 'redirect':
      return { kind, pick, names: pickOf(random, NAMES) }
    case 'sweep':
      budget.sweeps -= 1
      return { kind, workers }
    case 'refunds':
      budget.refunds -= 1
      return { kind, workers }
    default:
      return { kind }
  }
}

const NAMES = [
  [30, 'nothing'],
  [40, 'its own'],
  [15, 'a stranger'],
  [15, 'nonsense'],
] as const
