const text = (...lines: string[]): string => lines.join('\n')

/** To whom an address belongs already, when somebody signs up with it and must not learn so. */
export const alreadySignedUpMail = (to: string, role: string) => ({
  to,
  subject: 'You already have a Toota account',
  body: text(
    `Somebody, perhaps you, tried to sign up with this address. It already has a ${role} account.`,
    '',
    'Sign in with your password, or ask for a new one if you forgot it.',
    'If it was not you, there is nothing to do.',
  ),
})

export const refreshReusedMail = (to: string) => ({
  to,
  subject: 'We signed you out of Toota',
  body: text(
    'An old key of one of your sessions was used again, as happens when a key is stolen.',
    'We ended that session. Sign in again on your device.',
    '',
    'If you do not know why this happened, choose a new password: it ends all other sessions too.',
  ),
})
