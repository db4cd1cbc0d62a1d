import { Agent } from 'node:http'
import { post } from './post.ts'
import {
  signatureHeaders,
  tamper,
  type FlutterwaveSigning,
  type Forgery,
  type Secrets,
} from './signatures.ts'
import { addTo, GATEWAYS, type GatewayName } from './wire.ts'

/** A webhook as it was made; its deliveries differ in headers and, if forged, in the body. */
export type Webhook = {
  /** Also Yoco's `webhook-id`, the same at every attempt. */
  readonly id: string
  readonly gateway: GatewayName
  readonly event: string
  /** Of the payment or transfer that it is about. */
  readonly reference: string
  readonly body: string
  /** What the receiver answered, attempt by attempt; 0 where it did not. */
  readonly statuses: number[]
  state: 'pending' | 'delivered' | 'dropped' | 'given-up'
}

/** What is to go wrong with the next webhooks that fit; `next` says with how many of them (1). */
export type WebhookRule = {
  readonly gateway?: GatewayName
  readonly event?: string
  readonly reference?: string
  readonly next?: number
  /** Sent so many times at once. */
  readonly times?: number
  readonly delaySeconds?: number
  /** Never sent. */
  readonly drop?: boolean
  /** Sent after the next one of its gateway. */
  readonly reorder?: boolean
  /** At the first attempt; retries are genuine. */
  readonly forgery?: Forgery
}

/** Where webhooks go, and how. */
export type WebhookSettings = {
  readonly urls: Partial<Record<GatewayName, string>>
  /** Whether they go out, and are retried, without being asked for. */
  readonly isAutomatic: boolean
  readonly signing: FlutterwaveSigning
}

/** A later attempt, which the desk leaves to the clock. */
export type WebhookJob = {
  readonly kind: 'webhook'
  readonly id: string
  /** How many attempts there were before. */
  readonly attempts: number
  readonly rule?: WebhookRule
}

const MINUTES = 60
const HOURS = 3600

/**
 * Seconds before each further attempt. Paystack's is that of its live mode, in test mode too; Yoco's is the usual one of
 * Svix, whose form its webhooks have.
 */
export const RETRY_SECONDS: Readonly<Record<GatewayName, readonly number[]>> = {
  paystack: [...Array<number>(4).fill(3 * MINUTES), ...Array<number>(72).fill(HOURS)],
  flutterwave: Array<number>(3).fill(30 * MINUTES),
  yoco: [5, 5 * MINUTES, 30 * MINUTES, 2 * HOURS, 5 * HOURS, 10 * HOURS, 10 * HOURS],
}

const TIMEOUT_MS: Readonly<Record<GatewayName, number>> = {
  paystack: 30_000,
  flutterwave: 60_000,
  yoco: 15_000,
}

/** Sends webhooks, keeps what became of each, and plans the next attempt where one is due. */
export class WebhookDesk {
  readonly #secrets: Secrets
  readonly #later: (job: WebhookJob, seconds: number) => void
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 })
  readonly #byId = new Map<string, Webhook>()
  readonly #byReference = new Map<string, Webhook[]>()
  readonly #pending = new Set<Webhook>()
  readonly #inFlight = new Set<Promise<unknown>>()
  readonly #heldBack = new Map<GatewayName, WebhookJob[]>()
  #rules: { readonly rule: WebhookRule; left: number }[] = []
  settings: WebhookSettings

  constructor(
    secrets: Secrets,
    settings: WebhookSettings,
    later: (job: WebhookJob, seconds: number) => void,
  ) {
    this.#secrets = secrets
    this.settings = settings
    this.#later = later
  }

  /** Sends a new webhook as the rules want it, or keeps it until it is asked for. */
  emit(webhook: Omit<Webhook, 'statuses' | 'state'>): void {
    const made: Webhook = { ...webhook, statuses: [], state: 'pending' }
    this.#keep(made)
    if (!this.settings.isAutomatic) return
    const rule = this.#takeRule(made)
    const job: WebhookJob = { kind: 'webhook', id: made.id, attempts: 0, ...(rule && { rule }) }
    if (rule?.drop) this.#end(made, 'dropped')
    else if (rule?.reorder) addTo(this.#heldBack, made.gateway, job)
    else if (rule?.delaySeconds) this.#later(job, rule.delaySeconds)
    else this.#track(this.attempt(job).then(() => this.#sendHeldBack(made.gateway)))
  }

  /** One attempt; when it fails, the next goes to the clock. */
  async attempt({ id, attempts, rule }: WebhookJob): Promise<void> {
    const webhook = this.#byId.get(id)
    if (webhook?.state !== 'pending' || this.settings.urls[webhook.gateway] === undefined) return
    const statuses = await this.#send(webhook, rule?.times ?? 1, rule?.forgery)
    if (statuses.some((status) => isAccepted(webhook.gateway, status))) this.#end(webhook, 'delivered')
    else {
      const gap = RETRY_SECONDS[webhook.gateway][attempts]
      if (gap === undefined) this.#end(webhook, 'given-up')
      else this.#later({ kind: 'webhook', id, attempts: attempts + 1 }, gap)
    }
  }

  /** Delivers by hand, also what was delivered before: `times` copies at once. */
  async deliver(id: string, times = 1, forgery?: Forgery): Promise<number[]> {
    const webhook = this.#byId.get(id)
    if (!webhook) throw new Error(`no webhook ${id}`)
    if (this.settings.urls[webhook.gateway] === undefined)
      throw new Error(`no address for ${webhook.gateway}`)
    const statuses = await this.#send(webhook, times, forgery)
    if (statuses.some((status) => isAccepted(webhook.gateway, status))) this.#end(webhook, 'delivered')
    return statuses
  }

  addRule(rule: WebhookRule): void {
    this.#rules.push({ rule, left: rule.next ?? 1 })
  }

  pending(reference?: string): readonly Webhook[] {
    return reference === undefined
      ? [...this.#pending]
      : this.of(reference).filter(({ state }) => state === 'pending')
  }

  /** All webhooks about a payment or transfer, in the order in which they were made. */
  of(reference: string): readonly Webhook[] {
    return this.#byReference.get(reference) ?? []
  }

  /** Once those about a reference have gone out, by themselves or now. */
  async flush(reference: string): Promise<void> {
    await this.settled()
    if (this.settings.isAutomatic) return
    for (const { id } of this.pending(reference)) await this.deliver(id)
  }

  /** Once nothing is on its way. */
  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight)
  }

  clear(): void {
    for (const map of [this.#byId, this.#byReference, this.#pending, this.#heldBack]) map.clear()
    this.#rules = []
  }

  close(): void {
    this.#agent.destroy()
  }

  async #send(webhook: Webhook, times: number, forgery: Forgery | undefined): Promise<number[]> {
    const url = this.settings.urls[webhook.gateway] ?? ''
    const headers = signatureHeaders(webhook, this.#secrets, this.settings.signing, forgery)
    const body = forgery === 'tampered-body' ? tamper(webhook.body) : webhook.body
    const copies = Array.from({ length: times }, () =>
      post(this.#agent, url, headers, body, TIMEOUT_MS[webhook.gateway]),
    )
    const statuses = await Promise.all(copies)
    webhook.statuses.push(...statuses)
    return statuses
  }

  #keep(webhook: Webhook): void {
    this.#byId.set(webhook.id, webhook)
    addTo(this.#byReference, webhook.reference, webhook)
    if (webhook.state === 'pending') this.#pending.add(webhook)
  }

  #end(webhook: Webhook, state: Exclude<Webhook['state'], 'pending'>): void {
    webhook.state = state
    this.#pending.delete(webhook)
  }

  async #sendHeldBack(gateway: GatewayName): Promise<void> {
    const jobs = this.#heldBack.get(gateway) ?? []
    this.#heldBack.delete(gateway)
    for (const job of jobs) await this.attempt(job)
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#inFlight.delete(tracked))
    this.#inFlight.add(tracked)
  }

  #takeRule(webhook: Webhook): WebhookRule | undefined {
    const found = this.#rules.find(
      ({ rule, left }) =>
        left > 0 &&
        (rule.gateway ?? webhook.gateway) === webhook.gateway &&
        (rule.event ?? webhook.event) === webhook.event &&
        (rule.reference ?? webhook.reference) === webhook.reference,
    )
    if (found) found.left -= 1
    return found?.rule
  }
}

/** The receivers below one base, as our server lays them out. */
export const webhookUrlsBelow = (base: string): Record<GatewayName, string> =>
  Object.fromEntries(
    GATEWAYS.map((gateway) => [gateway, `${base.replace(/\/$/, '')}/payment/${gateway}/webhook/`]),
  ) as Record<GatewayName, string>

const isAccepted = (gateway: GatewayName, status: number): boolean =>
  gateway === 'yoco' ? status >= 200 && status < 300 : status === 200
