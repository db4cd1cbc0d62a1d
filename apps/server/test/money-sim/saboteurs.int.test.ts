import { describe, expect, it } from 'vitest'
import { compareStatements } from './compare-statements.ts'
import { driveTrips } from './drive-trips.ts'
import { ERAS } from './markets.ts'
import { inMoneyWorld, MONEY_SABOTAGES, type MoneySabotage } from './sabotage.ts'

const TRIPS = 40

/** What the comparison and the audit say of forty trips. */
const simulate = (sabotage: MoneySabotage) =>
  inMoneyWorld(sabotage, async (world) => {
    const driven = await driveTrips(world, TRIPS, { seed: 7, eras: [ERAS[0]!] })
    const audit = await world.audit()
    return {
      differences: await compareStatements(world, driven),
      promises: audit.map(({ promise }) => promise),
    }
  })
const matching = (pattern: RegExp) => expect.arrayContaining([expect.stringMatching(pattern)]) as unknown

describe('the simulated trips', () => {
  it('[LG7] [LG6] agree with everything when nothing is broken', async () => {
    expect(await simulate({})).toEqual({ differences: [], promises: [] })
  })

  it('[LG7] [LG1] show a commission of which a cent is lost', async () => {
    const found = await simulate(MONEY_SABOTAGES.unbalanced)
    expect(found.differences).toEqual(matching(/^ZA fares and their parts/))
    expect(found.promises).toEqual(
      expect.arrayContaining([
        'every transaction balances in each currency',
        'what is booked of completed trips is what their division says',
      ]),
    )
  })

  it('[LG7] [LG5] show a commission that is rounded down: only who counts again can see it', async () => {
    const found = await simulate(MONEY_SABOTAGES.roundedDown)
    expect(found.promises).toEqual([])
    expect(found.differences).toEqual(matching(/^driver /))
    expect(found.differences.every((difference) => difference.startsWith('driver '))).toBe(true)
  })

  it('[LG7] [LG3] show trips that were booked twice', async () => {
    const found = await simulate(MONEY_SABOTAGES.bookedTwice)
    expect(found.differences).toEqual(matching(/^driver /))
    expect(found.differences).toEqual(matching(/in the ledger/))
    expect(found.promises).toContain('nothing is held for a trip that has ended')
  })

  it('[LG6] [PA2] show cash that was counted twice', async () => {
    const found = await simulate(MONEY_SABOTAGES.cashTwice)
    expect(found.promises).toEqual(
      expect.arrayContaining([
        'nothing is held for a trip that has ended',
        'cash that was received is booked',
      ]),
    )
  })
})
