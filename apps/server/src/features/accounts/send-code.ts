import type { Platform } from '../../platform/platform.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Account } from './account-store.ts'
import { replaceCode } from './code-store.ts'
import { CODE_DIGITS, codeMail, codeScope, RESET_VALID_MINUTES, type CodePurpose } from './model/code.ts'

/** A new code and the mail with it, in the caller's transaction. False when today's codes are used up. */
export async function sendCode(
  { mail, tokens, settings }: Pick<Platform, 'mail' | 'tokens' | 'settings'>,
  tx: Tx,
  { id, email, role }: Pick<Account, 'id' | 'role' | 'email'>,
  purpose: CodePurpose = 'verify-email',
): Promise<boolean> {
  const code = tokens.randomDigits(CODE_DIGITS[purpose])
  const hash = tokens.digest(codeScope(id, purpose), code)
  const validMinutes = purpose === 'verify-email' ? settings.otpValidityMinutes : RESET_VALID_MINUTES
  const isIssued = await replaceCode(tx, id, purpose, { hash, validSeconds: validMinutes * 60 })
  if (isIssued) await mail.enqueue(tx, codeMail(purpose, { to: email, role, code, validMinutes }))
  return isIssued
}
