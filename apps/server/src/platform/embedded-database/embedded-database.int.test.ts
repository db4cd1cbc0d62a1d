import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { processIdentity } from './process-identity.ts'
import { attachEmbeddedDatabase, startEmbeddedDatabase, type EmbeddedDatabase } from './index.ts'

const isRoot = process.getuid?.() === 0
const silent = () => undefined

describe('the embedded database', () => {
  let dataDir: string
  let running: EmbeddedDatabase | undefined
  const owners: ChildProcess[] = []

  const start = async (onExit?: (reason: string) => void) =>
    (running = await startEmbeddedDatabase({
      dataDir,
      isExplicit: true,
      log: silent,
      ...(onExit && { onExit }),
    }))

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'toota-embedded-'))
    await chmod(dataDir, 0o711)
    const { url } = await start()
    await query(url, 'create table kept (id int primary key)')
  })
  afterEach(async () => {
    for (const owner of owners.splice(0)) owner.kill('SIGKILL')
    await running?.stop()
    running = undefined
  })
  afterAll(() => rm(dataDir, { recursive: true, force: true }))

  it('[ED1] is a real PostgreSQL on 127.0.0.1 alone, in UTF-8, that writes through to the disk', async () => {
    const { url } = running ?? (await start())
    const settings = await query(
      url,
      "select name, setting from pg_settings where name in ('listen_addresses', 'unix_socket_directories', 'fsync', 'synchronous_commit', 'server_encoding')",
    )
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on',
      listen_addresses: '127.0.0.1',
      server_encoding: 'UTF8',
      synchronous_commit: 'on',
      unix_socket_directories: '',
    })
    expect(await query(url, "select lower('ÉỌ') as folded, 'Z' < 'a' as by_code")).toEqual([
      { folded: 'éọ', by_code: true },
    ])
  })

  it('[ED2] stops at once when asked, leaves no process, and keeps its rows', async () => {
    const first = await start()
    await query(first.url, 'insert into kept values (2)')
    await first.stop()
    expect(await processIdentity(first.postmasterPid)).toBeUndefined()
    const second = await start()
    expect(await query(second.url, 'select from kept where id = 2')).toHaveLength(1)
  })

  it('[ED3] a second start in the same folder is refused in one line that names the owner', async () => {
    const owner = await startOwner()
    const refusal = await start().catch((error: unknown) => (error as Error).message)
    expect(refusal).toMatch(
      new RegExp(`already running in this folder: process ${owner.pid}, since 20\\d\\d-.*T.*Z\\.`),
    )
    expect(refusal).not.toContain('\n')
    // The refused one has harmed nothing.
    expect(await query(owner.url, 'select 1')).toHaveLength(1)
  })

  it('[ED4] after kill -9 of the owner the next start ends the server left behind and loses no row', async () => {
    const owner = await startOwner()
    await query(owner.url, 'insert into kept values (4)')
    await kill(owner.pid)
    expect(await processIdentity(owner.postmasterPid)).toBeDefined()
    const { url } = await start()
    expect(await processIdentity(owner.postmasterPid)).toBeUndefined()
    expect(await query(url, 'select from kept where id = 4')).toHaveLength(1)
  })

  it('[ED5] after kill -9 of the owner and the server, committed rows are there', async () => {
    const owner = await startOwner()
    await query(owner.url, 'insert into kept values (5)')
    await Promise.all([kill(owner.pid), kill(owner.postmasterPid)])
    const { url } = await start()
    expect(await query(url, 'select from kept where id = 5')).toHaveLength(1)
  })

  it('[ED6] tells when the server dies while we run', async () => {
    const onExit = vi.fn()
    const { url, postmasterPid } = await start(onExit)
    await query(url, 'insert into kept values (6)')
    process.kill(postmasterPid, 'SIGKILL')
    await vi.waitFor(() => expect(onExit).toHaveBeenCalledWith('PostgreSQL ended by itself (SIGKILL)'), 5000)
    await running?.stop()
    const again = await start(onExit)
    expect(await query(again.url, 'select from kept where id = 6')).toHaveLength(1)
    await again.stop()
    expect(onExit).toHaveBeenCalledTimes(1)
  })

  it('[ED7] nobody gets in without the password, which only the owner may read', async () => {
    const { url, dataDir: home } = await start()
    expect((await stat(join(home, 'password'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(home, 'cluster'))).mode & 0o077).toBe(0)
    const wrong = new URL(url)
    wrong.password = 'wrong'
    await expect(query(wrong.toString(), 'select 1')).rejects.toThrow('password authentication failed')
    wrong.password = ''
    await expect(query(wrong.toString(), 'select 1')).rejects.toThrow()
  })

  it('[ED8] a start killed while it sets up the files is followed by one that sets them up anew', async () => {
    const spoilt = await mkdtemp(join(tmpdir(), 'toota-embedded-'))
    await chmod(spoilt, 0o711)
    const owner = spawnOwner(spoilt)
    const unfinished = () =>
      readdir(join(spoilt, 'database')).then((names) => names.some((name) => name.startsWith('cluster.new-')))
    await vi.waitFor(async () => expect(await unfinished()).toBe(true), { timeout: 20_000, interval: 5 })
    await kill(owner.pid!)
    running = await startEmbeddedDatabase({ dataDir: spoilt, isExplicit: true, log: silent })
    expect(await unfinished()).toBe(false)
    expect(await query(running.url, 'select 1')).toHaveLength(1)
    await running.stop()
    await rm(spoilt, { recursive: true })
  })

  it('[ED9] a number in postmaster.pid that belongs to another program by now stops nothing', async () => {
    const { dataDir: home, stop } = await start()
    await stop()
    const file = join(home, 'cluster', 'postmaster.pid')
    await writeFile(file, `${process.ppid}\n${join(home, 'cluster')}\n1\n5432\n\n127.0.0.1\n1 1\nready\n`)
    const { url } = await start()
    expect(await query(url, 'select 1')).toHaveLength(1)
    expect(await processIdentity(process.ppid)).toBeDefined()
  })

  it('[ED10] other commands find the running server, and nothing where none runs', async () => {
    expect(await attachEmbeddedDatabase(dataDir)).toBeUndefined()
    expect(await attachEmbeddedDatabase(join(dataDir, 'nowhere'))).toBeUndefined()
    const owner = await startOwner()
    expect(await attachEmbeddedDatabase(dataDir)).toEqual({ url: owner.url, ownerPid: owner.pid })
  })

  it.skipIf(!isRoot)(
    '[ED11] root below a closed folder: the default place moves and is told, a chosen one is refused',
    async () => {
      const closed = await mkdtemp(join(tmpdir(), 'toota-closed-'))
      const inside = join(closed, 'data')
      const chosen = await startEmbeddedDatabase({ dataDir: inside, isExplicit: true, log: silent }).catch(
        String,
      )
      expect(chosen).toContain(`${closed} is closed to it`)
      expect(chosen).not.toContain('\n')
      const log = vi.fn()
      running = await startEmbeddedDatabase({ dataDir: inside, isExplicit: false, log })
      const { dataDir: home, url } = running
      expect(home).toMatch(/^\/var\/lib\/toota\/[0-9a-f]{16}$/)
      expect(log).toHaveBeenCalledWith(expect.stringContaining(home))
      await query(url, 'create table moved ()')
      await running.stop()
      // Opened later, the folder still leads to the same rows.
      await chmod(closed, 0o755)
      running = await startEmbeddedDatabase({ dataDir: inside, isExplicit: false, log })
      expect(await query(running.url, 'select from moved')).toEqual([])
      await running.stop()
      await rm(home, { recursive: true })
      await rm(closed, { recursive: true })
    },
  )

  it('[ED12] its log holds no rows', async () => {
    const { url, dataDir: home } = await start()
    await query(url, 'create table secret (address text unique)')
    await query(url, "insert into secret values ('thandi@example.com')")
    await query(url, "insert into secret values ('thandi@example.com')").catch(silent)
    expect(await readFile(join(home, 'postgresql.log'), 'utf8')).not.toContain('thandi')
  })

  type Started = { url: string; postmasterPid: number; pid: number }

  async function startOwner(): Promise<Started> {
    await running?.stop()
    const owner = spawnOwner(dataDir)
    const lines = createInterface({ input: owner.stdout! })
    const [line] = (await once(lines, 'line')) as [string]
    return { ...(JSON.parse(line) as Omit<Started, 'pid'>), pid: owner.pid! }
  }

  function spawnOwner(folder: string): ChildProcess {
    const script = `
      import { startEmbeddedDatabase } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)}
      const options = { dataDir: ${JSON.stringify(folder)}, isExplicit: true, log() {} }
      const { url, postmasterPid } = await startEmbeddedDatabase(options)
      console.log(JSON.stringify({ url, postmasterPid }))
      setInterval(() => {}, 1000)`
    const flags = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', script]
    const owner = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] })
    owners.push(owner)
    return owner
  }
})

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  await vi.waitFor(async () => expect(await processIdentity(pid)).toBeUndefined(), {
    timeout: 5000,
    interval: 5,
  })
}

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', silent)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}
