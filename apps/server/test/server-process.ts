import { spawn, type ChildProcess } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../../..')
/** What a stranger's shell has: none of this machine's settings. */
const BARE = { PATH: process.env['PATH'], HOME: process.env['HOME'], LANG: 'C.UTF-8' }

export type Run = { readonly child: ChildProcess; output(): string; exited: Promise<number | null> }

/** `node scripts/<script>.mjs` in a process of its own. */
export function runScript(script: string, args: readonly string[], env: Record<string, string>): Run {
  const child = spawn(process.execPath, [join(root, 'scripts', script), ...args], {
    env: { ...BARE, ...env },
  })
  let output = ''
  const hear = (data: Buffer): void => {
    output += data.toString('utf8')
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const exited = new Promise<number | null>((done) => child.once('close', done))
  return { child, output: () => output, exited }
}

export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done))
  const address = probe.address()
  await new Promise((done) => probe.close(done))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** A folder that a PostgreSQL started by root can reach. */
export async function makeDataDir(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'toota-start-'))
  await chmod(path, 0o711)
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/** The status of a GET, or 0 while nothing listens. */
export const statusOf = (url: string): Promise<number> =>
  fetch(url).then(
    async (response) => {
      await response.arrayBuffer()
      return response.status
    },
    () => 0,
  )
