import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Toota } from '@toota/sdk'
import { press, startCardServer, type CardServer } from './card-server.ts'
import { TRIP } from './far-api.ts'
import { join, joinAsApplicant, joinAsDriver, PASSWORD } from './people.ts'

const root = resolve(import.meta.dirname, '../../../..')
const BY_CASH = 'await toota.trips.payInCash(trip.id)'

describe('the README of the SDK', () => {
  let server: CardServer
  let driver: Toota
  beforeAll(async () => {
    server = await startCardServer()
    driver = await joinAsDriver(server)
  })
  afterAll(async () => {
    driver.live.close()
    await server.close()
  })

  it('[SK30] its examples run as they stand, in cash and by card', { timeout: 90_000 }, async () => {
    driver.live.on('offer.opened', ({ data }) => {
      void driver.driving.accept({ id: data.offerId, tripId: data.tripId })
    })
    const [delivery = '', paying = ''] = await readExamples()
    const inCash = await run(delivery)
    expect(inCash.code, inCash.output).toBe(0)
    expect(inCash.output).toMatch(/^\d+\.\d\d ZAR\nSipho .* takes it\n\S+ accepted\n$/)

    // As the text says: in place of this line.
    expect(delivery).toContain(BY_CASH)
    await driver.trips.cancel(await tripOf(driver))
    const byCard = await run(delivery.replace(BY_CASH, paying), (output) => {
      const [, link = null] = /^Pay at (\S+)\n/m.exec(output) ?? []
      if (link !== null) void press(link, 'pay')
      return link !== null
    })
    expect(byCard.code, byCard.output).toBe(0)
    expect(byCard.output).toMatch(/^\d+\.\d\d ZAR\nPay at \S+\nSipho .* takes it\n\S+ accepted\n$/)
  })

  it('[SK30] the driver’s example takes a trip', { timeout: 90_000 }, async () => {
    const [, , onTheRoad = ''] = await readExamples()
    const { toota: customer } = await join(server, 'customer')
    const trip = await customer.trips.request(TRIP)
    await customer.trips.payInCash(trip.id)
    const { toota, email } = await joinAsApplicant(server)
    let isOffered = false
    const asks = (output: string): boolean => {
      if (!output.includes('trips under way')) return false
      const driverId = toota.account.identity?.accountId ?? ''
      void vi.waitFor(() => customer.trips.offer(trip.id, driverId), 10_000).then(() => (isOffered = true))
      return true
    }
    const driving = await run(onTheRoad, asks, email)
    expect(driving.code, driving.output).toBe(0)
    expect(driving.output).toBe('0 trips under way\nWaiting at the pickup: arrived_pickup\n')
    expect(isOffered).toBe(true)
  })

  const tripOf = async (toota: Toota): Promise<string> => {
    const [trip] = (await toota.trips.list()).trips
    return trip?.id ?? ''
  }

  /** A program of somebody who installed the SDK; `act` is told all it has said until it has acted on it. */
  async function run(
    program: string,
    act: (output: string) => boolean = () => true,
    speaker?: string,
  ): Promise<{ code: number | null; output: string }> {
    const email = speaker ?? (await join(server, 'customer')).email
    const env = { PATH: process.env['PATH'], BASE_URL: server.address, EMAIL: email, PASSWORD }
    const folder = await mkdtemp(joinPath(tmpdir(), 'toota-readme-'))
    try {
      const file = joinPath(folder, 'example.mts')
      await writeFile(file, program)
      await symlink(joinPath(root, 'node_modules'), joinPath(folder, 'node_modules'))
      const child = spawn(process.execPath, ['--import', 'tsx', file], { cwd: folder, env })
      let output = ''
      let hasActed = false
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (data: Buffer) => {
          output += data.toString('utf8')
          hasActed ||= act(output)
        })
      const code = await new Promise<number | null>((done) => child.once('close', done))
      return { code, output }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
})

async function readExamples(): Promise<string[]> {
  const readme = await readFile(joinPath(root, 'packages/sdk/README.md'), 'utf8')
  return [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, example = '']) => example)
}
