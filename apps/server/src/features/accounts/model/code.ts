import type { Role } from '@toota/contract'
import type { AccountId } from '../../../kernel/index.ts'

export type CodePurpose = 'verify-email' | 'reset-password'

/** Four boxes in the apps to verify. Guessing is bounded by tries and codes a day, not by length. */
export const CODE_DIGITS: Readonly<Record<CodePurpose, number>> = { 'verify-email': 4, 'reset-password': 6 }
export const RESET_VALID_MINUTES = 10
export const CODE_TRIES = 5
export const CODES_PER_DAY = 5

/** What a code's digest is bound to: the same digits mean nothing for another account or purpose. */
export const codeScope = (accountId: AccountId, purpose: CodePurpose): string => `${purpose}:${accountId}`

/** A code as typed: outer spaces gone; a JSON number has lost its leading zeros. */
export const readCode = (purpose: CodePurpose, code: string): string =>
  code.trim().padStart(CODE_DIGITS[purpose], '0')

type CodeMail = {
  readonly to: string
  readonly role: Role
  readonly code: string
  readonly validMinutes: number
}

export const codeMail = (purpose: CodePurpose, mail: CodeMail) =>
  purpose === 'verify-email' ? verificationMail(mail) : resetMail(mail)

function verificationMail({ to, role, code, validMinutes }: CodeMail) {
  return {
    to,
    subject: 'Your Email Verification OTP',
    body: [
      `Your OTP for email verification is: ${code}`,
      '',
      `It activates your Toota ${role} account. This OTP is valid for ${validMinutes} minutes.`,
      'If you did not sign up, ignore this mail.',
    ].join('\n'),
  }
}

function resetMail({ to, role, code, validMinutes }: CodeMail) {
  return {
    to,
    subject: 'Your Password Reset OTP',
    body: [
      `Your OTP for password reset is: ${code}`,
      '',
      `It sets a new password for your Toota ${role} account. This OTP is valid for ${validMinutes} minutes.`,
      'If you did not ask for it, ignore this mail: your password stays as it is.',
    ].join('\n'),
  }
}
