import type { SocketRoute } from './sockets/routes.ts'
import { SOCKETS } from './sockets/register.ts'

const code = (text: string): string => `\`${text}\``

const describeSocket = ({ purpose, role, urls }: SocketRoute): string =>
  `- **${purpose}** (${role}): ${urls.map((url) => code(url.replace(/:(\w+)/g, '<$1>'))).join(', ')}`

/** Markdown for the API documentation: what OpenAPI cannot say. */
export const SOCKET_NOTES = `
The wire of the original apps. Sign up, take the code from the mail, verify, and send the access token as
\`Authorization: Bearer …\`.

### WebSockets

Messages are JSON objects in text frames; the handshake carries the same \`Authorization\` header and is refused with
HTTP 403. Every message with an example stands at [/docs/](/docs/#part-sockets-classic).

${SOCKETS.map(describeSocket).join('\n')}`
