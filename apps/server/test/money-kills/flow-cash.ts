import { takeCommission } from '../../src/features/ledger/index.ts'
import { stateCash } from '../../src/features/payments/index.ts'
import { advanceTrip } from '../../src/features/trips/index.ts'
import { unlessRefused, type Flow, type Work } from './flow.ts'

/** A driver states the cash with his customer's code, loads, and drives to the end. */
export function cashFlow({ platform, scene }: Work): Flow {
  const { driverId, tripId, cashCode } = scene
  const steps: Flow['steps'] = [
    ['state', () => stateCash(platform, driverId, tripId, { code: cashCode })],
    ['load', () => advanceTrip(platform, driverId, tripId, 'loaded')],
    ['complete', () => advanceTrip(platform, driverId, tripId, 'completed')],
  ]
  return {
    steps,
    retry: async () => {
      // He has done it already, as the trip tells him.
      for (const [, run] of steps) await unlessRefused({ 'illegal-transition': null }, run)
      return true
    },
  }
}

/** A driver pays commission at the office; the clerk enters the slip again when he has seen no answer. */
export function officeFlow({ platform, scene }: Work): Flow {
  const { driverId, amountMinor, currency, key } = scene
  const enter = () => takeCommission(platform, driverId, { amountMinor, currency }, key)
  return {
    steps: [['office', enter]],
    retry: async () => {
      await enter()
      return true
    },
  }
}
