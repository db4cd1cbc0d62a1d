import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { TokenPair } from '../../platform/tokens.ts'
import { findAccountsByEmail, markVerified } from './account-store.ts'
import { openSession } from './open-session.ts'
import { tryCode } from './try-code.ts'

/**
 * Activates the account of this address whose code this is, and signs it in. An address may be a customer's and a
 * driver's: a guess is then a try at both. Throws `not-found`, `no-code-pending`, `wrong-code`.
 */
export async function verifyEmail(
  platform: Pick<Platform, 'db' | 'clock' | 'tokens'>,
  { email, code }: { readonly email: string; readonly code: string },
): Promise<TokenPair> {
  const { db, tokens } = platform
  const accounts = await findAccountsByEmail(db.single, email, ['customer', 'driver'])
  if (accounts.length === 0) throw new Refusal('not-found')

  // A refusal inside would roll the spent try back, so the outcome leaves the transaction as a value.
  const outcome = await db.transaction(async (tx): Promise<TokenPair | Refusal> => {
    let isPending = false
    for (const { id, isVerified } of accounts) {
      if (isVerified) continue
      const guess = await tryCode(tx, tokens, id, { purpose: 'verify-email', code })
      if (guess !== 'no-code') isPending = true
      if (guess !== 'right') continue
      // A banned one stays shut, whatever code it has.
      if (!(await markVerified(tx, id))) continue
      return openSession(platform, tx, id)
    }
    return new Refusal(isPending ? 'wrong-code' : 'no-code-pending')
  })
  if (outcome instanceof Refusal) throw outcome
  return outcome
}
