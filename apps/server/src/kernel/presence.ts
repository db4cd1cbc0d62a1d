/** A driver is online while the last accepted fix is at most this old. */
export const ONLINE_SECONDS = 60
