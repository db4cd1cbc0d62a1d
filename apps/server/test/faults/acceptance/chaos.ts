import { setTimeout as pause } from 'node:timers/promises'
import type { Direction, Toxic } from '../fault-pipe.ts'
import type { FaultProxy, Line } from '../fault-proxy.ts'
import type { Cluster } from './cluster.ts'

type Options = {
  readonly random: () => number
  readonly isOver: () => boolean
  /** A node is killed about so often; never when it is not given. */
  readonly killEveryMs?: number | undefined
}

/** How often each thing was done. */
export type Deeds = Record<'resets' | 'freezes' | 'toxics' | 'cuts' | 'kills', number>

const TOXICS: readonly Toxic[] = [
  { type: 'latency', ms: 150, jitterMs: 140 },
  { type: 'slicer', bytes: 40, delayMs: 1 },
  { type: 'bandwidth', bytesPerSecond: 40_000 },
  { type: 'timeout', ms: 0 },
  { type: 'limit_data', bytes: 6_000 },
]

/** Breaks connections and nodes until it is over, then lets everything pass. */
export async function wreak(cluster: Cluster, proxy: FaultProxy, options: Options): Promise<Deeds> {
  const deeds: Deeds = { resets: 0, freezes: 0, toxics: 0, cuts: 0, kills: 0 }
  await Promise.all([breakLines(proxy, options, deeds), killNodes(cluster, options, deeds)])
  proxy.heal()
  return deeds
}

async function breakLines(proxy: FaultProxy, { random, isOver }: Options, deeds: Deeds): Promise<void> {
  const anyLine = (): Line | undefined => {
    const lines = proxy.lines()
    return lines[Math.floor(random() * lines.length)]
  }
  while (!isOver()) {
    await pause(20 + random() * 180)
    const chance = random()
    if (chance < 0.5) {
      anyLine()?.reset()
      deeds.resets++
    } else if (chance < 0.8) {
      const line = anyLine()
      line?.freeze()
      // Some never thaw: the half-open end of a phone that has another address by now.
      if (random() < 0.8) setTimeout(() => line?.thaw(), 300 + random() * 2_700)
      deeds.freezes++
    } else if (chance < 0.98) {
      const direction: Direction = random() < 0.5 ? 'upstream' : 'downstream'
      const end = proxy.add(direction, TOXICS[Math.floor(random() * TOXICS.length)]!)
      setTimeout(end, 200 + random() * 800)
      deeds.toxics++
    } else {
      proxy.cut()
      deeds.cuts++
    }
  }
}

async function killNodes(
  cluster: Cluster,
  { random, isOver, killEveryMs }: Options,
  deeds: Deeds,
): Promise<void> {
  while (killEveryMs !== undefined && !isOver()) {
    const until = performance.now() + killEveryMs * (0.5 + random())
    while (performance.now() < until) {
      if (isOver()) return
      await pause(50)
    }
    await cluster.replaceOne(random)
    deeds.kills++
  }
}
