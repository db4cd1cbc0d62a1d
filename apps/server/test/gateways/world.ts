import type { PaymentStep, ScriptBook } from './scripts.ts'
import type { Secrets } from './signatures.ts'
import type { Charge, Payment, Refund, State, Transfer } from './state.ts'
import type { Agenda } from './virtual-clock.ts'
import type { WebhookDesk, WebhookJob } from './webhooks.ts'
import type { Call, GatewayName, Reply, Route } from './wire.ts'

/** What the clock does later: another attempt of a webhook, or the next step of a plan. */
export type Job =
  | WebhookJob
  | { readonly kind: 'payment'; readonly gateway: GatewayName; readonly token: string }
  | { readonly kind: 'transfer'; readonly gateway: GatewayName; readonly reference: string }
  | { readonly kind: 'refund'; readonly gateway: GatewayName; readonly id: number | string }

/** All that an answer may depend on and change. */
export type World = {
  readonly isLive: boolean
  readonly secrets: Secrets
  readonly state: State
  readonly agenda: Agenda<Job>
  readonly scripts: ScriptBook
  readonly webhooks: WebhookDesk
  /** Where the process listens; known once it does. */
  url: string
}

/** The buttons of the page. */
export type CustomerAction = 'pay' | 'decline' | 'cancel'

/** A call of a gateway's API. */
export type GatewayRoute = Route<(world: World, call: Call) => Reply>

/** What differs between the gateways: their words, their calls and what they send by themselves. */
export type GatewayPart = {
  /** Where its API hangs below our address. */
  readonly basePath: string
  readonly routes: readonly GatewayRoute[]
  /** To a caller without the key. */
  readonly stranger: Reply
  /** A failure in its form. */
  errorBody(message: string): unknown
  /** Where the browser goes after the page; null where the merchant has not said. */
  returnUrl(payment: Payment, action: CustomerAction): string | null
  /** These send the webhooks of what has just happened. */
  afterCharge(world: World, payment: Payment, charge: Charge): void
  afterDispute(world: World, payment: Payment, charge: Charge, step: PaymentStep): void
  afterRefund(world: World, payment: Payment, refund: Refund): void
  afterTransfer(world: World, transfer: Transfer): void
}

/** The fake's time as JSON has it. */
export const nowOf = (world: World): string => world.agenda.now().toISOString()

/** The address of the page on which a payment is paid. */
export const pageUrl = (world: World, payment: Payment): string =>
  `${world.url}/pay/${payment.gateway}/${payment.token}`

/** The last successful charge of a payment, given back or not. */
export const takenCharge = (payment: Payment): Charge | undefined =>
  payment.charges.findLast(({ status }) => status !== 'failed')

/** Sends a webhook about a payment or transfer. */
export function emit(
  world: World,
  about: { readonly gateway: GatewayName; readonly reference: string },
  event: string,
  body: unknown,
): void {
  world.webhooks.emit({
    id: `msg_${world.state.nextCode(24)}`,
    gateway: about.gateway,
    reference: about.reference,
    event,
    body: JSON.stringify(body),
  })
}
