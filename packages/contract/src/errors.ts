/**
 * The error catalogue: every refusal a client can meet, with its HTTP status, a sentence for people and whether
 * the same request may succeed later. The product's own API sends the code; the classic wire has its own texts.
 */
export const ERRORS = {
  'invalid-request': { status: 400, message: 'The request is not valid.', retryable: false },
  'not-authenticated': { status: 401, message: 'Sign in first.', retryable: false },
  'wrong-role': { status: 403, message: 'This account may not do that.', retryable: false },
  'method-not-allowed': { status: 405, message: 'This address takes other methods.', retryable: false },
  'too-large': { status: 413, message: 'The request is too large.', retryable: false },
  'unsupported-media-type': { status: 415, message: 'Send JSON.', retryable: false },
  'not-found': { status: 404, message: 'There is no such thing, or it is not yours.', retryable: false },

  'email-taken': { status: 409, message: 'This e-mail address already has an account.', retryable: false },
  'password-refused': { status: 400, message: 'Choose another password.', retryable: false },
  'invalid-credentials': { status: 401, message: 'E-mail or password is wrong.', retryable: false },
  'account-not-verified': { status: 403, message: 'Verify the e-mail address first.', retryable: false },
  'no-code-pending': { status: 400, message: 'No code is waiting for this account.', retryable: false },
  'wrong-code': { status: 400, message: 'The code is wrong or has expired.', retryable: false },
  'too-many-codes': { status: 429, message: 'Too many codes were sent today.', retryable: true },

  'old-password-wrong': { status: 403, message: 'The present password is wrong.', retryable: false },
  'refresh-reused': { status: 401, message: 'This session was ended. Sign in again.', retryable: false },

  'picture-refused': {
    status: 400,
    message: 'Send a JPEG or PNG picture of at most 2 MB.',
    retryable: false,
  },
  'pictures-missing': { status: 409, message: 'Pictures are still missing.', retryable: false },

  'phone-taken': { status: 409, message: 'This phone number is already registered.', retryable: false },
  'registration-taken': { status: 409, message: 'This vehicle is already registered.', retryable: false },

  'driver-unavailable': { status: 409, message: 'The driver is not available.', retryable: true },
  'driver-busy': { status: 409, message: 'The driver is busy with another trip.', retryable: true },
  'offer-pending': { status: 409, message: 'Another driver is still deciding.', retryable: true },
  'driver-on-the-way': {
    status: 409,
    message: 'The driver is on the way. Wait for him, or cancel.',
    retryable: false,
  },
  'offer-closed': { status: 409, message: 'This trip is no longer available.', retryable: false },
  'payment-missing': { status: 409, message: 'Choose how to pay first.', retryable: false },
  'payment-unavailable': {
    status: 503,
    message: 'This payment method is not set up here.',
    retryable: false,
  },
  'payment-refused': {
    status: 409,
    message: 'The payment service did not take this payment. Try again, or pay in another way.',
    retryable: false,
  },
  'gateway-unavailable': {
    status: 503,
    message: 'The payment service does not answer. Nothing is lost: try again in a moment.',
    retryable: true,
  },
  'cash-already-stated': {
    status: 409,
    message: 'The cash was already stated with another amount.',
    retryable: false,
  },
  'cash-not-due': { status: 409, message: 'No cash is due yet.', retryable: false },
  'not-cash': { status: 409, message: 'This trip is not paid in cash.', retryable: false },
  'already-resolved': { status: 409, message: 'This was already settled.', retryable: false },
  'refund-refused': { status: 409, message: 'That much cannot be given back.', retryable: false },
  'application-missing': { status: 409, message: 'Apply as a driver first.', retryable: false },
  'payout-account-missing': {
    status: 409,
    message: 'Say first which account your earnings go to.',
    retryable: false,
  },
  'payout-too-small': { status: 409, message: 'That is too little to be paid out.', retryable: false },
  'balance-too-low': { status: 409, message: 'You have not earned that much yet.', retryable: false },
  'payout-under-way': {
    status: 409,
    message: 'Another payout is still under way.',
    retryable: true,
  },
  'payout-unavailable': {
    status: 503,
    message: 'Payouts in this currency are not set up here.',
    retryable: false,
  },
  'already-paid': { status: 409, message: 'This trip has already been paid for.', retryable: false },
  'trip-not-pending': {
    status: 409,
    message: 'The trip is no longer waiting for a driver.',
    retryable: false,
  },
  'illegal-transition': {
    status: 409,
    message: 'The trip cannot go to that status from here.',
    retryable: false,
  },
  'too-many-open-trips': {
    status: 409,
    message: 'Finish or cancel one of your open trips first.',
    retryable: true,
  },

  'idempotency-key-missing': {
    status: 400,
    message: 'This call needs an Idempotency-Key header.',
    retryable: false,
  },
  'idempotency-key-reused': {
    status: 422,
    message: 'This Idempotency-Key belongs to another request.',
    retryable: false,
  },
  'request-in-flight': {
    status: 409,
    message: 'The same request is still being worked on.',
    retryable: true,
  },
  'too-many-requests': { status: 429, message: 'Too many requests. Wait a moment.', retryable: true },
  unavailable: { status: 503, message: 'Not available at the moment. Try again.', retryable: true },
  internal: { status: 500, message: 'Something went wrong on our side.', retryable: true },
  busy: { status: 503, message: 'The system is busy. Try again in a moment.', retryable: true },
} as const satisfies Record<string, { status: number; message: string; retryable: boolean }>

export type ErrorCode = keyof typeof ERRORS
