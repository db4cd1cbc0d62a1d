import type { Counter, Metrics } from '../metrics.ts'

/** The counts that the sockets of one kind share. */
export type SocketCounts = {
  opened(): void
  closed(): void
  readonly in: Counter
  readonly out: Counter
  readonly cut: { readonly slow: Counter }
}

export function createSocketCounts(metrics: Metrics): (kind: string) => SocketCounts {
  const open = new Map<string, number>()
  const known = new Map<string, SocketCounts>()
  const slow = metrics.counter('toota_sockets_cut_total', { reason: 'slow' })
  metrics.counter('toota_sockets_cut_total', { reason: 'silent' })
  metrics.gauge('toota_sockets', () => [...open].map(([kind, value]) => ({ labels: { kind }, value })))

  return (kind) => {
    const counts = known.get(kind)
    if (counts) return counts
    const add = (by: number): void => void open.set(kind, (open.get(kind) ?? 0) + by)
    const made = {
      opened: () => add(1),
      closed: () => add(-1),
      in: metrics.counter('toota_frames_total', { kind, direction: 'in' }),
      out: metrics.counter('toota_frames_total', { kind, direction: 'out' }),
      cut: { slow },
    }
    known.set(kind, made)
    return made
  }
}
