/** Why a session was ended before its time; stays in its row. */
export type EndReason =
  'log-out' | 'ended-by-owner' | 'password-change' | 'password-reset' | 'refresh-reused' | 'ban'

/** A session of `/v1` ends after so many days without a refresh, and after so many in any case. */
export const IDLE_DAYS = 30
export const MOST_DAYS = 90
/** An answer may be lost: so long the token before the present one brings the same successor again. */
export const RETRY_SECONDS = 60
