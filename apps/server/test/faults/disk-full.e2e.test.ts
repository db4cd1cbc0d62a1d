import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiClient } from '../api-client.ts'
import { enrol, enrolDriver, type Member } from '../kills/accounts.ts'
import { buildServer, freePort, launch, type ServerProcess } from '../kills/server-process.ts'
import { createWire } from '../kills/wire.ts'
import { JOHANNESBURG, SANDTON } from '../people.ts'

// A file system of its own that only the server sees: as root a mount of its own, as anybody else a world in which he is root
// for as long as it takes to mount it.
const SIZE = 'size=160m,mode=711'
const MOUNT = `mount -t tmpfs -o ${SIZE} tmpfs "$0" && exec "$@"`
const isRoot = process.getuid?.() === 0
const viaOwnDisk = (folder: string): string[] =>
  isRoot
    ? ['unshare', '-m', 'sh', '-c', MOUNT, folder]
    : [
        ...['unshare', '-rm', 'sh', '-c', MOUNT, folder],
        ...['unshare', '-U', `--map-user=${process.getuid?.()}`, `--map-group=${process.getgid?.()}`],
      ]

/** Whether this machine lets us. */
function maySeeOwnDisk(): boolean {
  try {
    const line = [...viaOwnDisk('/mnt'), 'true']
    execFileSync(line[0] ?? '', line.slice(1), { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const TRIP = {
  pickup: { ...JOHANNESBURG, address: '1 Commissioner Street' },
  destination: { ...SANDTON, address: '5 Rivonia Road' },
  vehicleClass: 'bakkie',
  loadDescription: 'two sofas'.repeat(50),
}
const MOST_TRIPS = 400

describe.skipIf(!maySeeOwnDisk())(
  'a full disk (skipped where no tmpfs may be mounted)',
  { timeout: 90_000 },
  () => {
    let folder: string
    let server: ServerProcess
    let customer: Member
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'toota-full-'))
      await chmod(folder, 0o711)
      const dataDir = join(folder, 'data')
      await mkdir(dataDir)
      await buildServer()
      const settings = { LIMIT_REQUESTS: '999999/60' }
      server = launch(dataDir, await freePort(Math.random), settings, viaOwnDisk(dataDir))
      await server.ready
      customer = await enrol(createWire(server.baseUrl), () => undefined, 'user', 'customer@example.org')
    }, 120_000)
    afterAll(async () => {
      await server.kill(false)
      await rm(folder, { recursive: true, force: true })
    })

    it('[FT60] refuses what would be written with 503, answers what is read, and goes on when there is room', async () => {
      const call = createApiClient({ address: server.baseUrl })
      const request = () => call('POST', '/trips', { token: customer.token, key: randomUUID(), body: TRIP })
      const apply = (name: string) =>
        enrolDriver(createWire(server.baseUrl), () => undefined, {
          ...{ email: `${name}@example.org`, registration: `FD ${name}` },
          phone: name === 'late' ? '+27820000001' : '+27820000002',
        })
      expect((await request()).status).toBe(201)

      const filler = join(`/proc/${server.pid}/root`, folder, 'data/filler')
      await pipeline(createReadStream('/dev/zero'), createWriteStream(filler)).catch((error: unknown) =>
        expect(error).toMatchObject({ code: 'ENOSPC' }),
      )
      const kept: unknown[] = []
      let answer = await request()
      while (answer.status === 201 && kept.length < MOST_TRIPS) {
        kept.push(answer.body['id'])
        answer = await request()
      }
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2'])
      expect((await call('GET', `/trips/${String(kept[0])}`, { token: customer.token })).status).toBe(200)
      expect((await fetch(`${server.baseUrl}/healthz`)).status).toBe(200)
      // His pictures are files.
      await expect(apply('early')).rejects.toThrow(/HTTP 503/)

      await rm(filler)
      expect((await request()).status).toBe(201)
      const found = await Promise.all(
        kept.map((id) => call('GET', `/trips/${String(id)}`, { token: customer.token })),
      )
      expect(new Set(found.map(({ status }) => status))).toEqual(new Set([200]))
      await apply('late')
    })
  },
)
