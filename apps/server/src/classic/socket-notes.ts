import type { SocketRoute } from './sockets/routes.ts'
import { SOCKETS } from './sockets/register.ts'

const code = (text: string): string => `\`${text}\``
const json = (message: object): string => code(JSON.stringify(message))

const describeSocket = ({ purpose, role, urls, example }: SocketRoute): string => `
**${purpose}** (${role}): ${urls.map((url) => code(url.replace(/:(\w+)/g, '<$1>'))).join(', ')}

- says ${example.says ? json(example.says) : 'nothing'}
- hears ${json(example.hears)}
`

/** Markdown for the API documentation: what OpenAPI cannot say. */
export const SOCKET_NOTES = `
The wire of the original apps. Sign up, take the code from the mail, verify, and send the access token as
\`Authorization: Bearer …\`.

### WebSockets

Messages are JSON objects in text frames; the handshake carries the same \`Authorization\` header and is refused with
HTTP 403. \`{"type": "ping"}\` comes at once and every 30 s; it wants no answer. What is refused is answered with
\`{"error": "…"}\`. An example of each:
${SOCKETS.map(describeSocket).join('')}`
