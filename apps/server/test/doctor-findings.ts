import { createServer, type AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { loadConfig, type Config } from '../src/config.ts'
import { examine } from '../src/doctor/examine.ts'
import type { Finding } from '../src/doctor/finding.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

export type Env = Record<string, string>

/** A folder and a database of the test file's own, and what the doctor says of them. */
export function useDoctor() {
  let folder = ''
  let database: TestDatabase | undefined
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'toota-doctor-'))
    database = await createTestDatabase()
  })
  afterAll(async () => {
    await database?.drop()
    await rm(folder, { recursive: true, force: true })
  })
  const ownDatabase = (): TestDatabase => {
    if (!database) throw new Error('only within a test')
    return database
  }
  const configOf = (env: Env = {}): Config =>
    loadConfig(folder, { DEBUG: 'true', DATABASE_URL: ownDatabase().url, PORT: '1', ...env })
  return {
    folder: () => folder,
    database: ownDatabase,
    configOf,
    /** What the whole examination says of one thing. */
    findings: async (check: string, env: Env = {}): Promise<Finding[]> =>
      (await examine(configOf(env))).filter((finding) => finding.check === check),
  }
}

export const finding = (state: Finding['state'], says: RegExp, mend = /./): Finding =>
  expect.objectContaining({
    state,
    says: expect.stringMatching(says) as string,
    ...(state === 'ok' ? {} : { mend: expect.stringMatching(mend) as string }),
  }) as Finding

/** A port that takes connections and never says a word. */
export async function portOfSilence(): Promise<number> {
  const server = createServer(() => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}
