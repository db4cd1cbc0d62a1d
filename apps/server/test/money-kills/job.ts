import type { CustomerId, DriverId, PaymentId, TripId } from '../../src/kernel/index.ts'
import type { Settings } from '../../src/platform/platform.ts'

/** What one worker does, step by step. The `-sweep` ones hear no webhook and ask instead. */
export type FlowName =
  'pay' | 'refund' | 'refund-sweep' | 'give-back' | 'payout' | 'payout-sweep' | 'cash' | 'office'

/** Who and what a run is about; made afresh for every kill. */
export type Scene = {
  readonly customerId: CustomerId
  readonly driverId: DriverId
  readonly tripId: TripId
  readonly paymentId: PaymentId | null
  readonly currency: 'ZAR' | 'NGN'
  /** To be paid out, given back or paid at the office. */
  readonly amountMinor: number
  readonly cashCode: string
  /** How long the gateway takes for what is not instant. */
  readonly waitSeconds: number
  /** The client's Idempotency-Key, and the office's slip. */
  readonly key: string
}

/** Where the process ends: right before it sends its n-th statement, right after, or while the gateway has its n-th call. */
export type Stop =
  | { readonly at: 'statement'; readonly nth: number; readonly signal: 'SIGKILL' | 'SIGSTOP' }
  | { readonly at: 'answer'; readonly nth: number }
  | { readonly at: 'call'; readonly nth: number; readonly when: 'before' | 'after' }

/** What comes after the kill, of which there are several orders. */
export type Recovery = {
  /** Whether the client asks again before the restarted server has looked around by itself. */
  readonly clientFirst: boolean
  /** Whether the gateways repeat the webhooks that nobody took. */
  readonly webhooks: boolean
  /** Whether the sweeps run at once, as in the server, or one after the other. */
  readonly atOnce: boolean
  /** Whether the leases of the dead one have run out when the server is back, or still run. */
  readonly isLate: boolean
  /** No more than so many rounds, though not all is done. */
  readonly rounds?: number
}

export type SabotageName =
  | 'pay-before-writing'
  | 'payout-before-writing'
  | 'refund-unasked'
  | 'ledger-unkeyed'
  | 'no-transaction'
  | 'lease-ignored'

export type Job = {
  readonly databaseUrl: string
  readonly gatewayUrl: string
  readonly zaGateway: 'paystack' | 'yoco'
  readonly settings: Settings
  readonly flow: FlowName
  readonly scene: Scene
  /** Without it the flow runs; with it what was left is picked up. */
  readonly recovery?: Recovery
  readonly stop?: Stop
  readonly sabotage?: SabotageName
}

/** What a run sent, in order, and in which step. */
export type Trace = {
  readonly statements: { readonly step: string; readonly text: string }[]
  readonly calls: { readonly step: string; readonly name: string }[]
}

export type WorkerMessage =
  | { readonly says: 'calling'; readonly name: string }
  | {
      readonly says: 'done'
      readonly trace: Trace
      readonly rounds: number
      readonly isQuiet: boolean
      readonly faults: readonly string[]
    }
  | { readonly says: 'failed'; readonly error: string }
