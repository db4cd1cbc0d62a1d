import type { SocketDoc, Wire } from '../platform/http/docs/index.ts'
import { SOCKETS } from './sockets/register.ts'
import { EVERYWHERE } from './sockets/schemas/parts.ts'

const WIRE: Wire = {
  name: 'classic',
  signIn:
    'The access token, as `Authorization: Bearer …` in the handshake; or, where a browser cannot set headers, a ticket as `?ticket=…`. Every refusal (no token, a wrong one, another role, somebody else’s trip, too many sockets) is HTTP 403.',
  pings:
    '`{"type": "ping"}` and a ping of the protocol at once and every 30 s; neither wants an answer, but 150 s of silence end the connection. The bare text `ping` is taken and not answered.',
  limits:
    'Text frames of one JSON object, at most 16 KB. Anything else is answered by an error and the socket stays open.',
  closeCodes: {
    1008: 'too many messages: wait, then come back',
    1009: 'a frame over 16 KB',
    1012: 'the server restarts: come back after a moment',
    1013: 'could not tell something, or too many sockets: come back for the state',
    4401: 'the session was ended: sign in again',
  },
}

/** Every socket of the original for the documents, from the schemas it is tested by. */
export const CLASSIC_SOCKETS: readonly SocketDoc[] = SOCKETS.map(({ purpose, role, urls, messages }) => ({
  name: purpose.replace(/[^a-z]+/g, '-'),
  title: purpose.charAt(0).toUpperCase() + purpose.slice(1),
  description: messages.about,
  urls,
  roles: [role],
  wire: WIRE,
  takes: { ...messages.takes, ...EVERYWHERE.takes },
  sends: { ...messages.sends, ...EVERYWHERE.sends },
}))
