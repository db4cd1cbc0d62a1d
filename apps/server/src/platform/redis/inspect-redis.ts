import { openRedis } from './redis-link.ts'
import type { RedisTarget } from './redis-target.ts'

export type RedisReport = { readonly version: string; readonly milliseconds: number }

const TRIAL_CHANNEL = 'toota:{trial}'
const LOOK_MS = 20

/** Connects, asks for the version and publishes once. @throws Error with what is wrong */
export async function inspectRedis(target: RedisTarget, patienceMs: number): Promise<RedisReport> {
  const faults: unknown[] = []
  const note = ({ err }: { readonly err: unknown }): void => void faults.push(err)
  const link = openRedis(target, { warn: note, error: note })
  try {
    const until = Date.now() + patienceMs
    while (!link.isUp) {
      if (faults.length > 0) throw faults[0]
      if (Date.now() > until) throw new Error(`no answer within ${patienceMs / 1000} seconds`)
      await new Promise((done) => setTimeout(done, LOOK_MS))
    }
    const began = performance.now()
    const info = await link.commands.info('server')
    const milliseconds = Math.round(performance.now() - began)
    await link.commands.spublish(TRIAL_CHANNEL, '')
    const version =
      /^valkey_version:(\S+)/m.exec(info)?.[1] ?? /^redis_version:(\S+)/m.exec(info)?.[1] ?? 'unknown'
    return { version, milliseconds }
  } finally {
    link.close()
  }
}
