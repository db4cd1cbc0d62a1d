import {
  at,
  CALLS,
  effectOf,
  FAULTS,
  FIND_REFUND_ENDS,
  INITIALIZE_ENDS,
  isAsking,
  REFUND_ENDS,
  VERIFY_END,
  type CallKind,
  type FaultRow,
} from './call-faults.ts'
import { CHANNELS, FARE, SCRIPTS, type Money } from './script-ends.ts'
import { WEBHOOK_FAULTS } from './webhook-faults.ts'
import { RETRY_SECONDS } from '../gateways/webhooks.ts'

const GATEWAYS = ['paystack', 'flutterwave', 'yoco'] as const
const NAMES = { paystack: 'Paystack', flutterwave: 'Flutterwave', yoco: 'Yoco' } as const

/** As Prettier would leave it, so that neither of the two changes the other's. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]!.length)))
  const line = (cells: readonly string[], fill = ' ') =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!, fill)).join(' | ')} |`
  const rule = head.map(() => '')
  return [line(head), line(rule, '-'), ...rows.map((row) => line(row))].join('\n')
}

/** What is the same everywhere is said once, and otherwise by gateway. */
function perGateway(words: (gateway: (typeof GATEWAYS)[number]) => string): string {
  const said = GATEWAYS.map((gateway) => words(gateway))
  if (new Set(said).size === 1) return said[0]!
  return GATEWAYS.map((gateway, index) => `${NAMES[gateway]}: ${said[index]!}`).join(', ')
}

function cell(row: FaultRow, call: CallKind): string {
  return perGateway((gateway) => {
    const effect = effectOf(row, call, gateway)
    return isAsking(call) && effect !== 'no harm' ? 'nobody knows' : effect
  })
}

const numbers = (values: readonly [number, number, number]): string =>
  perGateway((gateway) => String(at(values, gateway)))
const states = (values: readonly [string, string, string]): string =>
  perGateway((gateway) => at(values, gateway))

function places(money: Money): string {
  const WORDS: Readonly<Record<keyof Money, string>> = {
    held: 'held for the trip',
    credit: "the customer's credit",
    unbooked: "with the gateway, in nobody's books",
    back: 'back with the customer',
    returning: 'on its way back, end unknown',
  }
  const amounts = Object.entries(money) as [keyof Money, number][]
  const amountOf = (minor: number) => (minor === FARE ? '' : minor < 100 ? ' (a cent)' : ' (a cent less)')
  return amounts.map(([place, minor]) => WORDS[place] + amountOf(minor)).join('; ') || 'nobody has any'
}

const whose = (on: readonly (keyof typeof NAMES)[] | undefined): string =>
  on ? on.map((gateway) => NAMES[gateway]).join(', ') : 'all'

const callTable = (): string =>
  table(
    ['what happens to the answer', ...CALLS],
    FAULTS.map((row) => [row.words, ...CALLS.map((call) => cell(row, call))]),
  )

const initializeTable = (): string =>
  table(
    ['`initialize`', 'the client is told', 'payment', 'attempts', 'initialized', 'verified'],
    Object.entries(INITIALIZE_ENDS).map(([effect, end]) => [
      effect,
      end.told === 'link' ? 'the page' : `\`${end.told}\`, then the page`,
      end.status,
      numbers(end.attempts),
      numbers(end.initialized),
      numbers(end.verified),
    ]),
  )

const refundTable = (): string =>
  table(
    ['refunds', 'ours then', 'at the gateway then', 'orders sent until it is done'],
    [
      ...Object.entries(REFUND_ENDS).map(([effect, end]) => [
        `\`refund\`: ${effect}`,
        states(end.state),
        String(end.made),
        numbers(end.sent),
      ]),
      ...Object.entries(FIND_REFUND_ENDS).map(([effect, end]) => [
        `\`find-refund\`: ${effect === 'spoiled' ? 'nobody knows' : effect}`,
        states(end.state),
        '1',
        numbers(end.sent),
      ]),
    ],
  )

const webhookTable = (): string =>
  table(
    ['the webhook comes', 'gateways', 'answers', 'the payment is paid by'],
    WEBHOOK_FAULTS.map(({ words, on, atOnce, later, paidBy }) => [
      words,
      whose(on),
      [...atOnce, ...(later.length > 0 ? ['…', ...later] : [])].join(' ') || 'none',
      paidBy,
    ]),
  )

const scriptTable = (): string =>
  table(
    ['what happens', 'gateways', 'payment', 'the money is', 'case'],
    SCRIPTS.map(({ words, on, status, money, unheard, cases }) => [
      words,
      whose(on),
      status,
      places(money) + (unheard ? `; without webhooks ${places(unheard)}` : ''),
      cases.join(', ') || '–',
    ]),
  )

const hours = (seconds: readonly number[]): string => {
  const total = seconds.reduce((sum, each) => sum + each, 0)
  return `${seconds.length + 1} times within ${Math.round(total / 360) / 10} h`
}

/** docs/gateway-faults.md. */
export const faultsDocument = (): string => `# When payment gateways fail

What becomes of a payment when its gateway answers wrongly, late or not at all. The tables are the tests' own
(\`apps/server/test/gateway-faults/\`): each cell is played against fake gateways over HTTP, and a test compares this page with them.
\`UPDATE_DOCS=1 npx vitest run apps/server/test/gateway-faults/faults-document.test.ts\` writes it anew.

Whatever happens: unknown is never failed, what may have arrived is looked up before it is tried again, money is counted and sent
once, and cash can be chosen all the time.

## Calls

${callTable()}

**initialize** gets the page. Afterwards the customer pays on it and is charged once; nothing is left for a person.

${initializeTable()}

Paystack takes a reference once and does not repeat where its page is, so a lost answer needs a second attempt under a new
reference. Flutterwave takes it again, Yoco knows the Idempotency-Key again; Yoco cannot be asked before its page is known.

**verify** asks what became of it. Where nobody knows, the client is told \`${VERIFY_END.told}\`, the payment stays \`${VERIFY_END.status}\`, ${VERIFY_END.booked === 0 ? 'nothing' : String(VERIFY_END.booked)} is
booked, and the next question (30 s, 2 min, 10 min, 1, 6, 24 h; a webhook; the customer) ends it. Without any answer to the last
one it stays as it is, with a case \`payment-unclear\`.

**refund** and **find-refund** send money back, and look for it before it is sent again. Afterwards the customer has it once.

${refundTable()}

After three outages in a row (not 429, not a refusal) a gateway's client rests for 30 s: a page is refused at once with
\`gateway-unavailable\`, everything else waits as if it had not been answered, and one question tries whether it is back.

## Webhooks

Only a signature over the raw body counts, each event is kept once, and what it says is asked of the gateway. Answers are of our
server; after … comes the gateway's own retry (Paystack ${hours(RETRY_SECONDS.paystack)}, Flutterwave ${hours(RETRY_SECONDS.flutterwave)}, Yoco ${hours(RETRY_SECONDS.yoco)}).

${webhookTable()}

## What customers and banks do

However it gets to us: ${CHANNELS.map(({ words }) => words).join('; ')}.

${scriptTable()}

## What sweeps alone cannot know

${PERMUTATIONS}
`

const PERMUTATIONS = `\`permutations.int.test.ts\` compares each history of webhooks, redirects, questions and sweeps with its twin that has sweeps only.
These differ by nature, and are tested in \`order-bound.int.test.ts\` instead:

- A second transaction under one Flutterwave reference shows only in its webhook, or in the reconciliation of the day; then it
  goes back.
- Once a payment is paid nobody asks about it again: a reversal shows when a dispute's webhook comes (Paystack), or as a
  difference in the reconciliation.
- How a refund of Yoco's ended that was not done at once only its webhook says; without it a person is asked.
- Of two attempts that both pay, the first to be seen counts and the other goes back whole, with what was too much.
- Who pays after the last question is heard by a webhook or by the reconciliation. Yoco has no list, so there only by a webhook.`
