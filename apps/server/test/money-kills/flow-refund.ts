import { sendRefunds } from '../../src/features/payments/index.ts'
import { refundPayment } from '../../src/features/payments/refund-payment.ts'
import { cancelTrip } from '../../src/features/trips/index.ts'
import { keyed, timePasses, workOff, type Flow, type Work } from './flow.ts'

/** A trip that was paid for is cancelled, its money goes back, and the gateway tells of it or is asked. */
export const refundFlow =
  (hears: 'webhook' | 'sweep') =>
  (work: Work): Flow => {
    const { platform, scene } = work
    const cancel = () => cancelTrip(platform, scene.tripId, { role: 'customer', accountId: scene.customerId })
    return {
      steps: [
        ['cancel', cancel],
        ['send', () => sendRefunds(platform)],
        ...(hears === 'webhook' ? toldOf(work) : askedAbout(work)),
      ],
      retry: async () => {
        await cancel()
        return true
      },
    }
  }

/** Staff give back a part of what was paid: so small that the gateway would give it back twice. */
export function giveBackFlow(work: Work): Flow {
  const { platform, scene } = work
  const { paymentId, amountMinor, customerId, key } = scene
  if (paymentId === null) throw new Error('nothing was paid')
  const giveBack = () =>
    keyed(
      platform.db,
      { accountId: customerId, route: 'POST /v1/payments/:paymentId/refunds', key },
      (db) => refundPayment({ db }, paymentId, { amountMinor, reason: 'a scratch', isFromCredit: false }),
      ({ refundId }) => ({ refundId }),
    )
  return {
    steps: [['give-back', giveBack], ['send', () => sendRefunds(platform)], ...askedAbout(work)],
    retry: async () => {
      await giveBack()
      return true
    },
  }
}

const toldOf = (work: Work): Flow['steps'] => [
  ['(time passes)', () => timePasses(work)],
  ['webhook', () => work.ear.hear('last', work.control)],
  ['work-off', () => workOff(work)],
]

const askedAbout = (work: Work): Flow['steps'] => [
  ['(time passes)', () => timePasses(work).then(work.makeDue)],
  ['find', () => sendRefunds(work.platform)],
]
