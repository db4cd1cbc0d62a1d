import { requestPayout } from '../../src/features/payouts/request-payout.ts'
import { sendPayouts } from '../../src/features/payouts/index.ts'
import { keyed, timePasses, workOff, type Flow, type Work } from './flow.ts'

/** A driver wants a part of his earnings, and the gateway tells of the transfer or is asked. */
export const payoutFlow =
  (hears: 'webhook' | 'sweep') =>
  (work: Work): Flow => {
    const { platform, control, ear, makeDue } = work
    const heard: Flow['steps'] = [
      ['(time passes)', () => timePasses(work)],
      ['webhook', () => ear.hear('last', control)],
      ['work-off', () => workOff(work)],
    ]
    const asked: Flow['steps'] = [
      ['(time passes)', () => timePasses(work).then(makeDue)],
      ['check', () => sendPayouts(platform)],
    ]
    return {
      steps: [
        ['request', () => request(work)],
        ['send', () => sendPayouts(platform)],
        ...(hears === 'webhook' ? heard : asked),
      ],
      retry: async () => {
        await request(work)
        return true
      },
    }
  }

const request = ({ platform, scene }: Work): Promise<unknown> =>
  keyed(
    platform.db,
    { accountId: scene.driverId, route: 'POST /v1/me/payouts', key: scene.key },
    (db) =>
      requestPayout({ ...platform, db }, scene.driverId, {
        amountMinor: scene.amountMinor,
        currency: scene.currency,
      }),
    ({ id }) => ({ id }),
  )
