import { shuffled, type Random } from './random.ts'

/** How a trip is paid, by the script. */
export type Paying =
  | { readonly method: 'card' | 'mobile_money'; readonly isDeclinedFirst: boolean }
  /** Without change the driver keeps more than is due. By code: the customer has confirmed it when the driver says it. */
  | { readonly method: 'cash'; readonly hasChange: boolean; readonly isByCode: boolean }

export type Method = Paying['method']

/** Shorter scripts are simply paid. */
const WITH_MISHAPS = 5

/** How each trip of a script is paid: 40 % by card, 10 % by mobile money, the rest in cash. */
export function planPayments(
  random: Random,
  numbers: readonly number[],
  isDelivered: (number: number) => boolean,
): (number: number) => Paying {
  const hasMishaps = numbers.length >= WITH_MISHAPS
  const some = (of: number, share: number): number => (hasMishaps ? Math.max(1, Math.round(of * share)) : 0)

  const order = shuffled(random, numbers)
  // Of the trips that are called off at least one is paid for, so that money goes back.
  const [calledOff] = order.filter((number) => !isDelivered(number))
  if (calledOff !== undefined) order.unshift(...order.splice(order.indexOf(calledOff), 1))
  const cards = order.splice(0, Math.round(numbers.length * 0.4))
  const mobile = new Set(order.splice(0, Math.round(numbers.length * 0.1)))
  const byCard = new Map(
    cards.map((number, index) => [number, index >= cards.length - some(cards.length, 0.2)]),
  )
  // Early in the run, so that the credit is spent in it.
  const inCash = order.filter(isDelivered).sort((a, b) => a - b)
  const withoutChange = new Set(inCash.slice(0, some(inCash.length, 0.25)))
  const byCode = new Set(order.filter((_, index) => index % 2 === 1))

  return (number) => {
    const isDeclinedFirst = byCard.get(number)
    if (isDeclinedFirst !== undefined) return { method: 'card', isDeclinedFirst }
    if (mobile.has(number)) return { method: 'mobile_money', isDeclinedFirst: false }
    return { method: 'cash', hasChange: !withoutChange.has(number), isByCode: byCode.has(number) }
  }
}
