export const MIN_PASSWORD_LENGTH = 8
export const MAX_PASSWORD_LENGTH = 128

export type PasswordFault = 'too-short' | 'too-long' | 'common' | 'numeric'

/** What is wrong with a new password; `isCommon` comes from a list that is too large for a model. */
export function passwordFaults(password: string, isCommon: boolean): PasswordFault[] {
  const length = Array.from(password.normalize('NFKC')).length
  const faults: PasswordFault[] = []
  if (length < MIN_PASSWORD_LENGTH) faults.push('too-short')
  if (length > MAX_PASSWORD_LENGTH) faults.push('too-long')
  if (isCommon) faults.push('common')
  if (/^\p{Nd}+$/u.test(password)) faults.push('numeric')
  return faults
}
