import { fork, type ChildProcess } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Refusal } from '../kernel/index.ts'
import type { DecodingFault } from './re-encode.ts'

export type Job = { readonly id: number; readonly upload: Uint8Array }
export type Answer = { readonly id: number; readonly result: Uint8Array | DecodingFault }

/** Longer than the decoder gives itself: one that does not answer by then never will. */
const PATIENCE_MS = 25_000
const IDLE_MS = 30_000

/**
 * Decodes pictures in a process of its own, started with the first one and ended after half a minute of rest: whatever a
 * stranger's bytes do to a decoder, they do it without our memory, our settings and our connections. Throws `busy` when it dies
 * on the way.
 */
export function createDecoder(): (upload: Uint8Array) => Promise<Uint8Array | DecodingFault> {
  const jobs = new Map<number, (result: Answer['result'] | Refusal) => void>()
  let child: ChildProcess | undefined
  let rest: NodeJS.Timeout | undefined
  let lastId = 0

  const end = (process: ChildProcess): void => {
    if (child === process) child = undefined
    process.kill('SIGKILL')
  }
  const start = (): ChildProcess => {
    const started = startChild()
    started.on('message', ({ id, result }: Answer) => jobs.get(id)?.(result))
    started.on('error', () => end(started))
    started.once('exit', () => {
      if (child === started) child = undefined
      for (const settle of jobs.values()) settle(new Refusal('busy'))
    })
    return started
  }

  return async (upload) => {
    clearTimeout(rest)
    const worker = (child ??= start())
    const id = ++lastId
    const timer = setTimeout(() => end(worker), PATIENCE_MS)
    const result = await new Promise<Answer['result'] | Refusal>((resolve) => {
      jobs.set(id, resolve)
      worker.send({ id, upload } satisfies Job, (error) => {
        if (error) resolve(new Refusal('busy'))
      })
    })
    clearTimeout(timer)
    jobs.delete(id)
    if (jobs.size === 0) rest = setTimeout(() => end(worker), IDLE_MS).unref()
    if (result instanceof Refusal) throw result
    return result
  }
}

/** Beside us as source or as bundle; with nothing of our environment, and no reason to keep us running. */
function startChild(): ChildProcess {
  const type = extname(fileURLToPath(import.meta.url))
  const path = fileURLToPath(new URL(`decoder.child${type}`, import.meta.url))
  const child = fork(path, [], {
    env: {},
    execArgv: type === '.ts' ? ['--import', 'tsx'] : [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  child.unref()
  child.channel?.unref()
  return child
}
