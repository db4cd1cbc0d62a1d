/** Why `/v1/live` closes. 4000 to 4499: come back; 4500 and above: something must change first. */
export const CLOSE_CODES = {
  1001: 'the other side is leaving',
  1003: 'text frames only',
  1009: 'a frame over 16 KB',
  1011: 'a fault of the server: come back after a moment',
  1012: 'the server restarts: come back after a moment of chance length',
  1013: 'could not tell something: come back and resume',
  4001: 'the server stops: come back, another one answers',
  4002: 'nothing was heard for 25 seconds: come back and resume',
  4003: 'read too slowly: come back and resume',
  4004: 'the numbering of events has changed: come back for the state',
  4005: 'the access token has expired: refresh it, then come back',
  4029: 'far too many frames: wait, then come back',
  4500: 'too many frames that are none of this protocol',
  4501: 'no valid access token',
  4502: 'no hello within five seconds',
  4503: 'this account may not do that here',
  4504: 'the session was ended',
  4505: 'a newer socket of the same device took over',
  4506: 'not a version of the protocol that is spoken here',
  4507: 'too many sockets of this account',
} as const

export type CloseCode = keyof typeof CLOSE_CODES
