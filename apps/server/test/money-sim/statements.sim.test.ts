import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { viewStatements } from '../../src/features/ledger/index.ts'
import { createMoneyWorld, type MoneyWorld } from '../money.ts'
import { compareStatements } from './compare-statements.ts'
import { driveTrips } from './drive-trips.ts'

const TRIPS = Number(process.env['TRIPS'] ?? 1_000)
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000)

let world: MoneyWorld
beforeAll(async () => (world = await createMoneyWorld()))
afterAll(() => world.close())

describe(`${TRIPS} trips`, () => {
  it(
    '[LG7] [LG5] [LG6] earnings, commission, tax and fees add up to the fares, to the cent, per currency',
    async () => {
      const began = performance.now()
      const driven = await driveTrips(world, TRIPS, { seed: SEED })
      const seconds = (performance.now() - began) / 1_000
      const statements = await viewStatements(world.platform, {
        from: new Date(0),
        to: new Date('2100-01-01'),
      })
      const sums = statements.map(
        ({ currency, trips, faresMinor, earningsMinor, commissionMinor, taxMinor, feesMinor }) =>
          `${currency} ${trips} trips ${faresMinor} = ${earningsMinor} + ${commissionMinor} + ${taxMinor} + ${feesMinor}`,
      )
      console.log(`${driven.length} trips in ${seconds.toFixed(1)} s (seed ${SEED}): ${sums.join('; ')}`)

      expect(driven, `seed ${SEED}`).toHaveLength(TRIPS)
      expect(await compareStatements(world, driven), `seed ${SEED}`).toEqual([])
      expect(await world.audit(), `seed ${SEED}`).toEqual([])
      expect(world.faults).toEqual([])
    },
    Math.max(60_000, TRIPS * 300),
  )
})
