import type { Desk } from './answer-call.ts'
import { effectsOf, effectsOfAll, type Effects, type GatewayEffects } from './effects.ts'
import type { CallFaultRule } from './faults.ts'
import { GATEWAY_PARTS } from './gateway-parts.ts'
import type { Hold } from './holds.ts'
import { isForPayments, type PaymentScript, type ScriptRule } from './scripts.ts'
import type { FlutterwaveSigning, Forgery } from './signatures.ts'
import { act } from './steps.ts'
import type { Webhook, WebhookRule } from './webhooks.ts'
import { GATEWAYS, type GatewayName } from './wire.ts'
import type { CustomerAction } from './world.ts'

/** One webhook by hand, and what is to be wrong with it. */
export type WebhookOrder = { readonly id: string; readonly times?: number; readonly fault?: Forgery }

/** What a customer does, told instead of clicked. */
export type PayOrder = {
  readonly gateway: GatewayName
  readonly reference: string
  readonly action: CustomerAction
  readonly script?: PaymentScript
}

/** Addresses by gateway, and how webhooks go out. */
export type WebhookChange = Partial<Record<GatewayName, string>> & {
  readonly automatic?: boolean
  readonly flutterwaveSigning?: FlutterwaveSigning
}

/** What tests do with the gateways; README.md says how over HTTP. */
export type Control = {
  /** Where webhooks go, whether by themselves, and how Flutterwave signs; what is not named stays. */
  setWebhooks(change: WebhookChange): void
  /** Those that were not delivered, in the order in which they were made. */
  pendingWebhooks(reference?: string): readonly Webhook[]
  /** All about a reference, with the statuses of every attempt. */
  webhooksOf(reference: string): readonly Webhook[]
  /** Delivers one by hand, `times` copies at once; also again what was delivered. */
  deliverWebhook(order: WebhookOrder): Promise<{ readonly statuses: readonly number[] }>
  /** Once no webhook is on its way. */
  settled(): Promise<void>
  faultWebhooks(rule: WebhookRule): void
  faultCalls(rule: CallFaultRule): void
  setScript(rule: ScriptRule): void
  /** Pays, declines or cancels without the page; tells where the browser would go. */
  pay(order: PayOrder): { readonly location: string | null }
  /** Lets time pass: retries, delays, and the steps of refunds, transfers and scripts. */
  advance(seconds: number): Promise<void>
  effects(): Record<GatewayName, GatewayEffects>
  effectsOf(reference: string): Effects
  hold(hold: Hold): void
  held(): readonly Hold[]
  release(): void
  /** Forgets everything but secrets, addresses and time. */
  reset(): void
}

/** The control of running gateways. */
export function createControl({ world, faults, holds }: Desk): Control {
  const { state, webhooks, scripts, agenda } = world
  return {
    setWebhooks({ automatic, flutterwaveSigning, ...urls }) {
      const { settings } = webhooks
      webhooks.settings = {
        urls: { ...settings.urls, ...urls },
        isAutomatic: automatic ?? settings.isAutomatic,
        signing: flutterwaveSigning ?? settings.signing,
      }
    },
    pendingWebhooks: (reference) => webhooks.pending(reference),
    webhooksOf: (reference) => webhooks.of(reference),
    deliverWebhook: async ({ id, times, fault }) => ({ statuses: await webhooks.deliver(id, times, fault) }),
    settled: () => webhooks.settled(),
    faultWebhooks: (rule) => webhooks.addRule(rule),
    faultCalls: (rule) => faults.add(rule),
    setScript(rule) {
      scripts.add(rule)
      const { reference, script } = rule
      if (reference === undefined || !isForPayments(script)) return
      const payments = GATEWAYS.flatMap((gateway) => state.paymentsOf(gateway, reference))
      for (const payment of payments) payment.script = script
    },
    pay({ gateway, reference, action, script }) {
      const payment = state.payment(gateway, reference)
      if (!payment) throw new Error(`${gateway} knows no payment ${reference}`)
      act(world, payment, action, script)
      return { location: GATEWAY_PARTS[gateway].returnUrl(payment, action) }
    },
    async advance(seconds) {
      await webhooks.settled()
      await agenda.advance(seconds)
    },
    effects: () => effectsOfAll(state),
    effectsOf: (reference) => effectsOf(state, reference),
    hold: (hold) => holds.add(hold),
    held: () => holds.held(),
    release: () => holds.release(),
    reset() {
      holds.release()
      agenda.replace([])
      for (const book of [state, scripts, faults, webhooks]) book.clear()
    },
  }
}
