import type { Platform } from '../../platform/platform.ts'
import type { Principal } from '../accounts/index.ts'
import { catchUp, type CaughtUp } from './catch-up.ts'
import type { Place } from './model/resume.ts'

type Syncing = Pick<Platform, 'db' | 'metrics' | 'settings' | 'tokens' | 'pictureUrls' | 'news'>

/** What a socket would bring after `from`. Where that is nothing, the next event is waited for until `end`. */
export async function sync(
  platform: Syncing,
  principal: Principal,
  from: Place | undefined,
  end: AbortSignal,
): Promise<CaughtUp> {
  if (end.aborted) return catchUp(platform, principal, from)
  let wake = (): void => undefined
  const somethingNew = new Promise<void>((resolve) => (wake = resolve))
  // Heard from before the first look on: what comes between the two is not slept over.
  const stop = await platform.news.listen(principal.accountId, wake)
  try {
    const found = await catchUp(platform, principal, from)
    if (!found.recovered || found.events.length > 0) return found
    await Promise.race([somethingNew, aborted(end)])
    return await catchUp(platform, principal, from ?? found)
  } finally {
    stop()
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve())
  })
