import { SOCKETS } from './sockets/register.ts'

const rows = SOCKETS.map(
  ({ purpose, role, urls }) =>
    `| ${purpose} | ${role} | ${urls.map((url) => `\`${url.replace(/:(\w+)/g, '<$1>')}\``).join(' ')} |`,
)

/** Markdown for the API documentation: what OpenAPI cannot say. */
export const SOCKET_NOTES = `
The wire of the original apps. Sign up, take the code from the mail, verify, and send the access token as
\`Authorization: Bearer …\`.

### WebSockets

Messages are JSON objects in text frames; the handshake carries the same \`Authorization\` header and is refused with
HTTP 403. \`{"type": "ping"}\` comes at once and every 30 s; it wants no answer.

| socket | role | addresses |
| --- | --- | --- |
${rows.join('\n')}
`
