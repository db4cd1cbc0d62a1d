import type { Platform } from '../../platform/platform.ts'
import type { TokenPair } from '../../platform/tokens.ts'
import { checkCredentials, type Credentials } from './check-credentials.ts'
import { openSession } from './open-session.ts'
import { holdPassword } from './password-store.ts'

/** Opens a session. Refuses what {@link checkCredentials} refuses. */
export async function logIn(
  platform: Pick<Platform, 'db' | 'clock' | 'passwords' | 'throttle' | 'tokens'>,
  credentials: Credentials,
): Promise<TokenPair> {
  const account = await checkCredentials(platform, credentials)
  return platform.db.transaction(async (tx) => {
    await holdPassword(tx, account)
    return openSession(platform, tx, account.id)
  })
}
