import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Toota } from '@toota/sdk'
import { press, startCardServer, type CardServer } from './card-server.ts'
import { join, joinAsDriver, PASSWORD } from './people.ts'

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

  const tripOf = async (toota: Toota): Promise<string> => {
    const [trip] = (await toota.trips.list()).trips
    return trip?.id ?? ''
  }

  /** A program of somebody who installed the SDK; `act` is told all it has said until it has acted on it. */
  async function run(
    program: string,
    act: (output: string) => boolean = () => true,
  ): Promise<{ code: number | null; output: string }> {
    const { email } = await join(server, 'customer')
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
