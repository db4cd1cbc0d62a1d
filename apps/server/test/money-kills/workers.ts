import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { Job, WorkerMessage } from './job.ts'

export type Done = Extract<WorkerMessage, { says: 'done' }>
/** `killed`: it did not live to tell anything. */
export type End = { readonly end: 'killed' } | { readonly end: 'done'; readonly done: Done }

export type Workers = {
  /** In a process of its own. `onCalling` is told of the call that the process is to die in, and kills it then. */
  run(job: Job, onCalling?: (name: string, kill: () => Promise<void>) => Promise<void>): Promise<End>
  /** Up to a stop by SIGSTOP; `thaw` lets it go on, to whatever end. */
  freeze(job: Job): Promise<{ readonly thaw: () => Promise<void> }>
  /** In a process that has never been killed and has seen nothing of those that were. */
  recover(job: Job): Promise<Done>
  close(): void
}

/** Processes of one lane. The next one starts while the last one still works, since a start is most of the time. */
export function createWorkers(bundlePath: string): Workers {
  const all = new Set<ChildProcess>()
  const start = (): ChildProcess => {
    const child = fork(bundlePath, [], {
      execArgv: [],
      env: { PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    all.add(child)
    child.once('exit', () => all.delete(child))
    return child
  }
  let spare = start()
  let rescuer: ChildProcess | undefined

  return {
    async run(job, onCalling) {
      const child = spare
      spare = start()
      const gone = once(child, 'exit')
      const kill = async (): Promise<void> => {
        child.kill('SIGKILL')
        await gone
      }
      try {
        return await converse(child, job, (name) => onCalling?.(name, kill))
      } finally {
        await kill()
      }
    },

    async freeze(job) {
      const child = spare
      spare = start()
      // What it then comes to, a refusal perhaps, is its own affair; what it has done is not.
      const ended = converse(child, job).then(
        () => 'ended',
        () => 'ended',
      )
      while (!(await isStopped(child.pid ?? 0)))
        if (child.exitCode !== null) throw new Error('it ended before it was stopped')
      return {
        async thaw() {
          child.kill('SIGCONT')
          await ended
          child.kill('SIGKILL')
        },
      }
    },

    async recover(job) {
      rescuer ??= start()
      const result = await converse(rescuer, job)
      if (result.end === 'killed') throw new Error('the rescuer was killed')
      return result.done
    },

    close() {
      for (const child of all) child.kill('SIGKILL')
    },
  }
}

/** As Linux tells. */
async function isStopped(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')
}

/** Sends a job and waits for its end. @throws Error that the worker told of */
function converse(
  child: ChildProcess,
  job: Job,
  onCalling?: (name: string) => Promise<void> | undefined,
): Promise<End> {
  return new Promise<End>((resolve, reject) => {
    const hear = (message: WorkerMessage): void => {
      if (message.says === 'calling') {
        onCalling?.(message.name)?.catch(reject)
        return
      }
      end()
      if (message.says === 'done') resolve({ end: 'done', done: message })
      else reject(new Error(`the worker failed: ${message.error}`))
    }
    const hearExit = (code: number | null, signal: string | null): void => {
      end()
      if (signal === 'SIGKILL') resolve({ end: 'killed' })
      else reject(new Error(`the worker ended with ${signal ?? code ?? ''}`))
    }
    const end = (): void => {
      child.off('message', hear)
      child.off('exit', hearExit)
    }
    child.on('message', hear)
    child.on('exit', hearExit)
    child.send(job)
  })
}
