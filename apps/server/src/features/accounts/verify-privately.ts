import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findAccountsByEmail, markVerified } from './account-store.ts'
import { openNumberedSession, signedInBy, type SignedIn } from './open-numbered-session.ts'
import { checkPassword } from './check-password.ts'
import { savePassword } from './password-store.ts'
import type { Address } from './request-reset.ts'
import { tryCode } from './try-code.ts'

type Verification = Address & {
  readonly code: string
  readonly password: string
  readonly device?: string | undefined
}

/**
 * Activates the account of this address and role with the password of who has the code, and signs it in: whoever signed
 * up with somebody else's address has no part in it. Throws `password-refused`, `busy`; whatever else is wrong is
 * `wrong-code`.
 */
export async function verifyPrivately(
  platform: Pick<Platform, 'db' | 'clock' | 'passwords' | 'tokens'>,
  { role, email, code, password, device }: Verification,
): Promise<SignedIn> {
  const { db, passwords, tokens } = platform
  await checkPassword(passwords, password)
  // Whatever follows, so that time tells nothing, and outside the transaction, since hashing waits for its turn.
  const passwordHash = await passwords.hash(password)
  const [account] = await findAccountsByEmail(db.single, email, [role])
  if (!account || account.isVerified) throw new Refusal('wrong-code')

  const session = await db.transaction(async (tx) => {
    const guess = await tryCode(tx, tokens, account.id, { purpose: 'verify-email', code })
    if (guess !== 'right') return undefined
    if (!(await markVerified(tx, account.id))) return undefined
    await savePassword(tx, account.id, passwordHash)
    return openNumberedSession(platform, tx, account, device)
  })
  // Thrown outside, or the spent try would roll back.
  if (!session) throw new Refusal('wrong-code')
  return signedInBy(platform, session)
}
