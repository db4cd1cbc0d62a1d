import type { Platform } from '../../platform/platform.ts'
import { checkCredentials } from './check-credentials.ts'
import { openNumberedSession, signedInBy, type SignedIn } from './open-numbered-session.ts'
import { holdPassword } from './password-store.ts'

type SigningIn = Parameters<typeof checkCredentials>[1] & { readonly device?: string | undefined }

/** Opens a session of `/v1`. Refuses what {@link checkCredentials} refuses. */
export async function signIn(
  platform: Pick<Platform, 'clock' | 'tokens'> & Parameters<typeof checkCredentials>[0],
  { device, ...credentials }: SigningIn,
): Promise<SignedIn> {
  const account = await checkCredentials(platform, credentials)
  const session = await platform.db.transaction(async (tx) => {
    await holdPassword(tx, account)
    return openNumberedSession(platform, tx, account, device)
  })
  return signedInBy(platform, session)
}
