import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findAccountsByEmail, markVerified } from './account-store.ts'
import { openNumberedSession, signedInBy, type SignedIn } from './open-numbered-session.ts'
import type { Address } from './request-reset.ts'
import { tryCode } from './try-code.ts'

type Verification = Address & { readonly code: string; readonly device?: string | undefined }

/** Activates the account of this address and role, and signs it in. Whatever is wrong is `wrong-code`. */
export async function verifyPrivately(
  platform: Pick<Platform, 'db' | 'clock' | 'tokens'>,
  { role, email, code, device }: Verification,
): Promise<SignedIn> {
  const { db, tokens } = platform
  const [account] = await findAccountsByEmail(db.single, email, [role])
  if (!account || account.isVerified) throw new Refusal('wrong-code')

  const session = await db.transaction(async (tx) => {
    const guess = await tryCode(tx, tokens, account.id, { purpose: 'verify-email', code })
    if (guess !== 'right') return undefined
    await markVerified(tx, account.id)
    return openNumberedSession(platform, tx, account, device)
  })
  // Thrown outside, or the spent try would roll back.
  if (!session) throw new Refusal('wrong-code')
  return signedInBy(platform, session)
}
