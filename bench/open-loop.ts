import { setTimeout as pause } from 'node:timers/promises'
import { percentile } from './measure.ts'

/**
 * Sends on a fixed schedule, whether or not what went before was answered, and hands each its intended time: latency is
 * counted from there, or a stall would hide behind the requests that it kept from being sent.
 * @returns how late the generator itself was: the p99 and the most, in milliseconds
 */
export async function openLoop(
  { perSecond, count }: { readonly perSecond: number; readonly count: number },
  send: (n: number, due: number) => void,
): Promise<{ lagP99: number; lagMax: number }> {
  const start = performance.now()
  const lags: number[] = []
  for (let n = 0; n < count;) {
    const due = start + (n * 1000) / perSecond
    const now = performance.now()
    if (now < due) await pause(due - now)
    else {
      lags.push(now - due)
      send(n++, due)
    }
  }
  return { lagP99: percentile(lags, 0.99), lagMax: Math.max(...lags) }
}
