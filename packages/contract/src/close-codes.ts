/** Why `/v1/live` closes. 4000 to 4499: come back; 4500 and above: something must change first. */
export const CLOSE_CODES = {
  1008: 'far too many frames: wait, then come back',
  1009: 'a frame over 16 KB',
  1012: 'the server restarts: come back after a moment of chance length',
  1013: 'could not tell something: come back and resume',
  4003: 'read too slowly: come back and resume',
  4501: 'no valid access token',
  4502: 'no hello within five seconds',
  4504: 'the session was ended',
  4506: 'not a version of the protocol that is spoken here',
  4507: 'too many sockets of this account',
} as const

export type CloseCode = keyof typeof CLOSE_CODES
