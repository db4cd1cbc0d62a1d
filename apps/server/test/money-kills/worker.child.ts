/*
 * One life of a server that deals with money, as a process that can be killed: it is sent a Job, does it, and tells what it sent
 * on the way. It ends with its parent.
 */
import { openDatabase } from '../../src/platform/database/index.ts'
import { createFakeControl, type FakeControl } from './fake-control.ts'
import { cashFlow, officeFlow } from './flow-cash.ts'
import { payFlow } from './flow-pay.ts'
import { payoutFlow } from './flow-payout.ts'
import { giveBackFlow, refundFlow } from './flow-refund.ts'
import type { Flow, Work } from './flow.ts'
import type { FlowName, Job, WorkerMessage } from './job.ts'
import { isAllQuiet, makeAllDue, recover } from './recover.ts'
import { REWRITES, stepsOf } from './sabotage.ts'
import { createTripwire } from './tripwire.ts'
import { openWebhookEar } from './webhook-ear.ts'
import { createWorkerPlatform } from './worker-platform.ts'

const FLOWS: Readonly<Record<FlowName, (work: Work) => Flow>> = {
  pay: payFlow,
  refund: refundFlow('webhook'),
  'refund-sweep': refundFlow('sweep'),
  'give-back': giveBackFlow,
  payout: payoutFlow('webhook'),
  'payout-sweep': payoutFlow('sweep'),
  cash: cashFlow,
  office: officeFlow,
}

const tell = (message: WorkerMessage): void => void process.send?.(message)
const newTripwire = (job: Job | undefined) =>
  createTripwire(job?.stop, (name) => tell({ says: 'calling', name }))

type Base = Pick<Work, 'platform' | 'control' | 'ear' | 'makeDue'> & {
  readonly isQuiet: () => Promise<boolean>
}
let base: Promise<Base> | undefined
let current: Job | undefined
let tripwire = newTripwire(undefined)
let faults: string[] = []

/** The world of this process; all its jobs are about the same database and gateways. */
async function createBase(job: Job): Promise<Base> {
  const platform = createWorkerPlatform(job, {
    rewrite: (text) => {
      tripwire.beforeStatement(text)
      return current?.sabotage ? REWRITES[current.sabotage](text) : text
    },
    tellFault: (fault) => faults.push(fault),
  })
  const control = createFakeControl(job.gatewayUrl, globalThis.fetch)
  watchCalls(job.gatewayUrl, control)
  const own = openDatabase({ url: job.databaseUrl, poolSize: 1 })
  return {
    platform,
    control,
    ear: await openWebhookEar(platform),
    makeDue: () => makeAllDue(own),
    isQuiet: () => isAllQuiet(own),
  }
}

/** All calls of the clients to the gateways go through the tripwire; those to the control API do not. */
function watchCalls(gatewayUrl: string, control: FakeControl): void {
  const { fetch } = globalThis
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (url.origin === gatewayUrl) await tripwire.beforeCall(init?.method ?? 'GET', url, control)
    return fetch(input, init)
  }
}

async function work(job: Job): Promise<void> {
  base ??= createBase(job)
  current = job
  tripwire = newTripwire(job)
  faults = []
  const own: Work & Base = { ...(await base), scene: job.scene }
  const flow = FLOWS[job.flow](own)
  let recovered = { rounds: 0, isQuiet: true }
  if (job.recovery) recovered = await recover(own, flow, job.recovery, own.isQuiet)
  else {
    for (const [name, run] of stepsOf(flow, job.sabotage, own)) {
      tripwire.enter(name)
      await run()
    }
  }
  tell({ says: 'done', trace: tripwire.trace, faults, ...recovered })
}

process.on('message', (job: Job) => {
  work(job).catch((error: unknown) =>
    tell({ says: 'failed', error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})
process.once('disconnect', () => process.exit())
