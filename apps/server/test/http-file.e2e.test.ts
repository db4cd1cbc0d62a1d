import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { seedDemoAccounts } from '../src/demo-accounts.ts'
import { createAccount } from '../src/features/accounts/index.ts'
import { parseHttpFile, runHttpFile } from './http-file.ts'
import { startCardServer, type CardServer } from './sdk/card-server.ts'

let server: CardServer
beforeAll(async () => {
  server = await startCardServer()
  const [demo] = await seedDemoAccounts(server.platform)
  // By the command that the file names.
  await createAccount(server.platform, {
    role: 'staff',
    email: 'staff@demo.toota.test',
    password: demo?.password ?? '',
  })
})
afterAll(() => server.close())

const source = await readFile(join(import.meta.dirname, '../../../docs/toota.http'), 'utf8')

describe('docs/toota.http', () => {
  it('[DO17] runs from top to bottom with the demo people, and every call answers as it says', async () => {
    const file = parseHttpFile(source)
    const outcomes = await runHttpFile(file, server.address)
    const wrong = outcomes.filter(({ status, expected }) =>
      expected === undefined ? status < 200 || status > 299 : status !== expected,
    )
    expect(wrong.map(({ title, status, answer }) => `${title}: ${status} ${answer}`)).toEqual([])
    expect(outcomes.length).toBeGreaterThan(60)
    const classic = outcomes.filter(({ title }) => title.startsWith('Classic'))
    expect(classic.length).toBeGreaterThan(4)
    // What it gives back and pays out has really gone.
    const moved = { refundedMinor: 2_000, transferredMinor: 5_000 }
    await vi.waitFor(() => expect(server.gateways.effects().paystack.totals['ZAR']).toMatchObject(moved), {
      timeout: 15_000,
    })
    expect(server.errors).toEqual([])
  })

  it('[DO17] a call that refers to what nobody answered fails', async () => {
    const broken = parseHttpFile('### Lost\nGET {{server}}/v1/trips/{{nobody.response.body.id}}\n')
    await expect(runHttpFile(broken, server.address)).rejects.toThrow('{{nobody.response.body.id}}')
  })
})
