import { sql } from 'kysely'
import {
  checkPayments,
  choosePayment,
  openPaymentPage,
  receiveWebhook,
  sendRefunds,
  viewVerified,
  type Payment,
} from '../../src/features/payments/index.ts'
import { checkOwnPayment } from '../../src/features/payments/check-own-payment.ts'
import { acceptOffer, advanceTrip, cancelTrip, expireQuotes } from '../../src/features/trips/index.ts'
import type { Webhook } from '../gateways/webhooks.ts'
import { signatureHeaders, tamper, type Forgery } from '../gateways/signatures.ts'
import { makeDue, workOff, type Stage, type StageTrip } from './stage.ts'
import type { Deed, Delivery, Storyline } from './storylines.ts'

export const RETURN_URL = 'http://127.0.0.1:1/payment/verify/'

/** One performance of a storyline. */
export type Run = StageTrip & {
  readonly story: Storyline
  readonly isPollOnly: boolean
  readonly attempts: Payment[]
  /** What must not have happened: errors, and answers that are not right. */
  readonly faults: string[]
}

export const referencesOf = ({ attempts }: Run): string[] =>
  attempts.flatMap(({ reference }) => reference ?? [])

/** Performs storylines on a stage. `others` are the payments of the whole batch: strangers to one another. */
export function createPlayer(stage: Stage, others: () => readonly Payment[]) {
  const { platform } = stage
  const alone = createMutex()

  /** The sweep meets only what it was called for; so many processes run it at once. */
  const sweep = (run: Run, workers: number) =>
    alone(async () => {
      await makeDue.payments(platform.db, [run.tripId])
      await Promise.all(Array.from({ length: workers }, () => checkPayments(platform)))
    })
  const sendBack = (run: Run, workers: number) =>
    alone(async () => {
      await makeDue.refunds(platform.db, [run.tripId])
      await Promise.all(Array.from({ length: workers }, () => sendRefunds(platform)))
    })

  async function deliver(run: Run, delivery: Delivery): Promise<void> {
    switch (delivery.kind) {
      case 'webhook':
        return deliverWebhook(stage, run, delivery)
      case 'redirect':
        return redirect(stage, run, delivery, others())
      case 'work':
        return workOff(platform)
      case 'check':
        if (run.attempts.length > 0) await checkOwnPayment(platform, run.customerId, run.tripId)
        return
      case 'sweep':
        return sweep(run, delivery.workers)
      case 'refunds':
        return sendBack(run, delivery.workers)
      case 'tick':
        return stage.pass(3)
    }
  }

  const watched = (run: Run, what: unknown, work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => void run.faults.push(`${JSON.stringify(what)}: ${String(error)}`))

  const deliverAll = (run: Run, group: readonly Delivery[]): Promise<unknown> =>
    Promise.all(group.map((delivery) => watched(run, delivery, deliver(run, delivery))))

  return {
    deliverAll,
    async perform(run: Run): Promise<void> {
      for (const { deed, beside, then } of run.story.steps) {
        const deeds = [
          watched(
            run,
            deed,
            act(stage, run, deed, () => sweep(run, 1)),
          ),
        ]
        await Promise.all(run.isPollOnly ? deeds : [...deeds, deliverAll(run, beside)])
        if (!run.isPollOnly) for (const group of then) await deliverAll(run, group)
      }
    },
  }
}

/** What the customer does; `observe` is ours. */
async function act(stage: Stage, run: Run, deed: Deed, observe: () => Promise<void>): Promise<void> {
  const { platform, control, name } = stage
  const { customerId, tripId, attempts } = run
  switch (deed.deed) {
    case 'choose': {
      const payment = await choosePayment(platform, customerId, tripId, deed.method)
      attempts.push(await openPaymentPage(platform, payment.id, RETURN_URL))
      return
    }
    case 'act': {
      const { action, script } = deed
      const reference = attempts[deed.attempt]?.reference
      if (reference) control.pay({ gateway: name, reference, action, script })
      return
    }
    case 'observe':
      return observe()
    case 'cancel-trip':
      await cancelTrip(platform, tripId, { role: 'customer', accountId: customerId })
      return
    case 'expire-trip':
      return expire(stage, run)
    case 'drive':
      return drive(stage, run)
  }
}

async function deliverWebhook(
  { platform, control, fake, name }: Stage,
  run: Run,
  { pick, copies, forgery }: Delivery & { kind: 'webhook' },
): Promise<void> {
  const made = referencesOf(run).flatMap((reference) => control.webhooksOf(reference))
  const webhook = made[Math.floor(pick * made.length)]
  if (!webhook) return
  const body = Buffer.from(forgery === 'tampered-body' ? tamper(webhook.body) : webhook.body)
  const headers = signatureHeaders(webhook, fake.secrets, 'v3', forgery)
  const receipts = await Promise.all(
    Array.from({ length: copies }, () => receiveWebhook(platform, name, headers, body)),
  )
  const right = receiptsOf(webhook, forgery)
  const wrong = receipts.find(({ receipt }) => !right.includes(receipt))
  if (wrong) run.faults.push(`${webhook.event} ${forgery ?? ''} was answered with ${wrong.receipt}`)
}

/** Flutterwave's older signature does not cover the body, nor does any but Yoco's have a time. */
function receiptsOf({ gateway }: Webhook, forgery: Forgery | undefined): readonly string[] {
  const genuine = ['kept', 'unknown-reference']
  switch (forgery) {
    case undefined:
      return genuine
    case 'no-signature':
      return ['unsigned']
    case 'bad-signature':
      return ['forged']
    case 'tampered-body':
      return gateway === 'flutterwave' ? genuine : ['forged']
    case 'old-timestamp':
      return gateway === 'yoco' ? ['forged'] : genuine
  }
}

/** The browser comes back, and says whatever somebody has written into its address. */
async function redirect(
  { platform, control, name }: Stage,
  run: Run,
  { pick, names }: Delivery & { kind: 'redirect' },
  others: readonly Payment[],
): Promise<void> {
  const { attempts } = run
  const payment = attempts[Math.floor(pick * attempts.length)]
  if (!payment) return
  // Yoco is asked by its page, the others by a transaction.
  const idOf = ({ reference, pageGatewayId }: Payment): string | null => {
    const id = pageGatewayId ?? (reference === null ? undefined : control.effectsOf(reference).charges[0]?.id)
    return id === undefined ? null : String(id)
  }
  const stranger = others[Math.floor(pick * others.length)]
  const transactionId = {
    nothing: null,
    'its own': idOf(payment),
    'a stranger': stranger ? idOf(stranger) : null,
    nonsense: '4099260517',
  }[names]
  const { reference } = payment
  const which = name === 'yoco' || reference === null ? { id: payment.id } : { reference }
  await viewVerified(platform, which, { transactionId })
}

/** Its time is over; who pays at this very moment gets more of it, and then that is over, too. */
async function expire({ platform, db }: Stage, { tripId }: Run): Promise<void> {
  const isOver = sql`update trip set quote_expires_at = clock_timestamp() where id = ${tripId} and status = 'pending'`
  while (((await isOver.execute(db.single)).numAffectedRows ?? 0n) > 0n) await expireQuotes(platform)
}

async function drive(stage: Stage, { customerId, tripId }: Run): Promise<void> {
  const { platform } = stage
  const driverId = await stage.addDriver()
  const offerId = await stage.offer(customerId, tripId, driverId)
  await acceptOffer(platform, driverId, offerId)
  for (const status of ['arrived_pickup', 'loaded', 'completed'] as const)
    await advanceTrip(platform, driverId, tripId, status)
}

/** Lets one work at a time. */
export function createMutex() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }
}
