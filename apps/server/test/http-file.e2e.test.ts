import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedDemoAccounts } from '../src/demo-accounts.ts'
import { parseHttpFile, runHttpFile } from './http-file.ts'
import { startLiveServer, type LiveServer } from './live-server.ts'

let server: LiveServer
beforeAll(async () => {
  server = await startLiveServer()
  await seedDemoAccounts(server.platform)
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
    expect(outcomes.length).toBeGreaterThan(30)
    const classic = outcomes.filter(({ title }) => title.startsWith('Classic'))
    expect(classic.length).toBeGreaterThan(4)
  })

  it('[DO17] a call that refers to what nobody answered fails', async () => {
    const broken = parseHttpFile('### Lost\nGET {{server}}/v1/trips/{{nobody.response.body.id}}\n')
    await expect(runHttpFile(broken, server.address)).rejects.toThrow('{{nobody.response.body.id}}')
  })
})
