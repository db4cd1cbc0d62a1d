import type { LiveState, ResetReason } from '@toota/contract'
import type { Tx } from '../../platform/database/index.ts'
import type { News } from '../../platform/news.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Principal } from '../accounts/index.ts'
import { offerBody, tripDetailsBody, viewOpenTrips } from '../trips/index.ts'
import { judgeResume, type Place } from './model/resume.ts'
import { readNewsAfter, readStanding } from './stream-store.ts'

/** What a client needs to be where its stream is: `seq` of `epoch`. */
export type CaughtUp = Place &
  (
    | { readonly recovered: true; readonly events: readonly News[] }
    | { readonly recovered: false; readonly reset: ResetReason; readonly state: LiveState }
  )

type CatchingUp = Pick<Platform, 'db' | 'metrics' | 'settings' | 'tokens' | 'pictureUrls'>

/**
 * Everything that was told after `from`, or else why not, and the state instead: never a part. Without `from` nothing
 * was missed. Whoever wants what comes next listens before he asks.
 */
export async function catchUp(
  platform: CatchingUp,
  principal: Principal,
  from: Place | undefined,
): Promise<CaughtUp> {
  const caughtUp = await decide(platform, principal, from)
  const outcome = caughtUp.recovered ? 'replayed' : caughtUp.reset
  if (from) platform.metrics.count('toota_resumes_total', { outcome })
  return caughtUp
}

async function decide(
  platform: CatchingUp,
  principal: Principal,
  from: Place | undefined,
): Promise<CaughtUp> {
  const { db } = platform
  const { accountId } = principal
  const standing = await readStanding(db.single, accountId)
  const { epoch, seq } = standing
  if (!from) return { epoch, seq, recovered: true, events: [] }

  const reason = judgeResume(from, standing)
  if (reason) return takeSnapshot(platform, principal, reason)
  const count = seq - from.seq
  const events = count === 0 ? [] : await readNewsAfter(db.single, accountId, from.seq, count)
  // Forgotten between the two statements.
  if (events.length !== count || events.some((event, n) => event.seq !== from.seq + n + 1))
    return takeSnapshot(platform, principal, 'pruned')
  return { epoch, seq, recovered: true, events }
}

/** The place first and the state after it, of one instant: what comes next goes on from exactly there. */
function takeSnapshot(platform: CatchingUp, principal: Principal, reset: ResetReason): Promise<CaughtUp> {
  return platform.db.snapshot(async (tx) => {
    const { epoch, seq } = await readStanding(tx, principal.accountId)
    return { epoch, seq, recovered: false, reset, state: await viewState(platform, tx, principal) }
  })
}

async function viewState(platform: CatchingUp, tx: Tx, principal: Principal): Promise<LiveState> {
  const { role, accountId } = principal
  if (role === 'staff') return { trips: [], offers: [] }
  const { pictureUrl } = platform.pictureUrls
  const { trips, offers } = await viewOpenTrips(platform, tx, { role, accountId })
  return {
    trips: trips.map((view) => tripDetailsBody(view, pictureUrl)),
    offers: offers.map(({ offer, view }) => ({
      ...offerBody(offer),
      trip: tripDetailsBody(view, pictureUrl),
    })),
  }
}
