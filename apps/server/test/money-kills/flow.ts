import type { AccountId } from '../../src/kernel/index.ts'
import { Refusal } from '../../src/kernel/index.ts'
import { advancePayoutByReference } from '../../src/features/payouts/index.ts'
import { workOffEvents } from '../../src/features/payments/index.ts'
import type { Database } from '../../src/platform/database/index.ts'
import { once } from '../../src/platform/kept-answers.ts'
import type { FakeControl } from './fake-control.ts'
import type { Scene } from './job.ts'
import type { WebhookEar } from './webhook-ear.ts'
import type { WorkerPlatform } from './worker-platform.ts'

/** What a flow works with. */
export type Work = {
  readonly platform: WorkerPlatform
  readonly scene: Scene
  readonly control: FakeControl
  readonly ear: WebhookEar
  /** What waits for its time need wait no longer: leases, looks and events. Not one of the process's own statements. */
  readonly makeDue: () => Promise<void>
}

export type Flow = {
  readonly steps: readonly (readonly [name: string, run: () => Promise<unknown>])[]
  /** The client asks again, for the `round`-th time since the kill; whether he has what he wanted. */
  retry(round: number): Promise<boolean>
}

export const RETURN_URL = 'http://127.0.0.1:1/payment/verify/'

/** A creating call of `/v1` under the client's key: the effect and its answer commit together. */
export async function keyed<T, Body>(
  db: Database,
  call: { readonly accountId: AccountId; readonly route: string; readonly key: string },
  work: (db: Database) => Promise<T>,
  body: (result: T) => Body,
): Promise<Body> {
  const answer = await once(db, { ...call, request: call.route }, work, {
    done: (result) => ({ status: 201, body: JSON.stringify(body(result)) }),
    refused: () => undefined,
  })
  return JSON.parse(answer.body) as Body
}

/** The answer, or `instead` where the refusal is one of these. */
export async function unlessRefused<T>(
  codes: Readonly<Record<string, T>>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const instead = error instanceof Refusal ? codes[error.code] : undefined
    if (instead === undefined) throw error
    return instead
  }
}

export const workOff = ({ platform }: Work): Promise<number> =>
  workOffEvents(platform, (reference) => advancePayoutByReference(platform, reference))

/** The gateway gets on with it. */
export const timePasses = ({ control, scene }: Work): Promise<unknown> => control.advance(scene.waitSeconds)
