import type { Role } from '@toota/contract'
import type { AccountId } from '../../../kernel/index.ts'

export type CodePurpose = 'verify-email' | 'reset-password'

/** Four boxes in the apps. Guessing is bounded by tries and codes a day, not by length. */
export const VERIFICATION_DIGITS = 4
export const CODE_TRIES = 5
export const CODES_PER_DAY = 5

/** What a code's digest is bound to: the same digits mean nothing for another account or purpose. */
export const codeScope = (accountId: AccountId, purpose: CodePurpose): string => `${purpose}:${accountId}`

/** A code as typed: outer spaces gone; a JSON number has lost its leading zeros. */
export const readCode = (code: string): string => code.trim().padStart(VERIFICATION_DIGITS, '0')

export function verificationMail(to: string, role: Role, code: string, validMinutes: number) {
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
