import type { ResetReason } from '@toota/contract'

/** Where a client has got to. */
export type Place = { readonly epoch: string; readonly seq: number }

/** More missed events are no catching up: the state is shorter. */
export const MAX_GAP = 500

/** Why what came after `from` cannot be told one by one; undefined when all of it can. */
export function judgeResume(
  from: Place,
  standing: { readonly epoch: string; readonly seq: number; readonly oldest: number | null },
): ResetReason | undefined {
  // Ahead of us: what he counted was lost here, so his numbers are not ours.
  if (from.epoch !== standing.epoch || from.seq > standing.seq) return 'epoch'
  if (from.seq < (standing.oldest ?? standing.seq + 1) - 1) return 'pruned'
  return standing.seq - from.seq > MAX_GAP ? 'too-far' : undefined
}
