import type { Platform } from '../../platform/platform.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Account } from './account-store.ts'
import { replaceCode } from './code-store.ts'
import { codeScope, VERIFICATION_DIGITS, verificationMail } from './model/code.ts'

/** A new verification code and the mail with it, in the caller's transaction. False when today's codes are used up. */
export async function sendCode(
  { mail, tokens, settings }: Pick<Platform, 'mail' | 'tokens' | 'settings'>,
  tx: Tx,
  account: Pick<Account, 'id' | 'role' | 'email'>,
): Promise<boolean> {
  const purpose = 'verify-email'
  const code = tokens.randomDigits(VERIFICATION_DIGITS)
  const hash = tokens.digest(codeScope(account.id, purpose), code)
  const isIssued = await replaceCode(tx, account.id, purpose, {
    hash,
    validSeconds: settings.otpValidityMinutes * 60,
  })
  if (isIssued)
    await mail.enqueue(tx, verificationMail(account.email, account.role, code, settings.otpValidityMinutes))
  return isIssued
}
