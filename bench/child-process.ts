import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A driver and a customer with their access tokens. */
export type Pair = { readonly driverId: string; readonly driverToken: string; readonly customerToken: string }
type Hello = { readonly address: string; readonly pairs: readonly Pair[] }

export type Child = Hello & {
  /** User and system time of the process so far, in microseconds. */
  cpuMicros(): Promise<number>
  stop(): Promise<void>
}

/** Starts a `*.child.ts` of this folder and answers when it has said where it listens. */
export async function startChild(name: string, args: readonly string[] = []): Promise<Child> {
  const path = fileURLToPath(new URL(name, import.meta.url))
  const child = fork(path, args, { execArgv: ['--import', 'tsx'] })
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`${name} ended with ${String(code)}`)
  })
  const [hello] = (await Promise.race([once(child, 'message'), failed])) as [Hello]
  failed.catch(() => undefined)
  return {
    ...hello,
    async cpuMicros() {
      child.send('cpu')
      const [usage] = (await once(child, 'message')) as [NodeJS.CpuUsage]
      return usage.user + usage.system
    },
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** The child's side of {@link Child.cpuMicros}. */
export function answerCpuUsage(): void {
  process.on('message', () => process.send?.(process.cpuUsage()))
}
