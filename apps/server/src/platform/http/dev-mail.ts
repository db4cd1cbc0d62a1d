import type { FastifyInstance } from 'fastify'
import type { Database } from '../database/index.ts'
import { listMail, type StoredMail } from '../mail-table.ts'

const LIMIT = 100

/**
 * `/dev/mail`: the outbox for people and programs. Register it in DEBUG only, for it shows codes. A mail is shown by its text; its
 * HTML was written for mail programs, and is never run here.
 */
export function registerDevMail(server: FastifyInstance, db: Pick<Database, 'single'>): void {
  server.get('/dev/mail', { schema: { hide: true } }, async (request, reply) => {
    const { to } = request.query as { to?: unknown }
    const mails = await listMail(db, {
      to: typeof to === 'string' ? to.replaceAll('\0', '') : undefined,
      limit: LIMIT,
    })
    void reply.header('cache-control', 'no-store').header('vary', 'accept')
    if (/\bapplication\/json\b/.test(request.headers.accept ?? ''))
      return {
        mails: mails.map(({ createdAt, attachmentName, ...mail }) => ({
          ...mail,
          ...(attachmentName !== null && { attachment: attachmentName }),
          created_at: createdAt.toISOString(),
        })),
      }
    return reply.type('text/html; charset=utf-8').send(page(mails))
  })
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)

const STYLE = `
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 0 auto; padding: 1rem; color: #1a1a1a; background: #f6f6f4 }
  article { background: #fff; border: 1px solid #ddd; border-radius: .5rem; padding: .75rem 1rem; margin: .75rem 0 }
  h2 { font-size: 1.05rem; margin: 0 } p { margin: .25rem 0; color: #555; overflow-wrap: anywhere }
  pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0 0 }
  @media (prefers-color-scheme: dark) { body { color: #eee; background: #181818 } article { background: #242424; border-color: #444 } p { color: #bbb } }`

function page(mails: readonly StoredMail[]): string {
  const list = mails.map(
    ({ to, subject, body, attachmentName, createdAt }) => `<article><h2>${escape(subject)}</h2>
<p>to ${escape(to)} · <time datetime="${createdAt.toISOString()}">${createdAt.toISOString().slice(0, 19).replace('T', ' ')} UTC</time>${attachmentName === null ? '' : ` · with ${escape(attachmentName)}`}</p>
<pre>${body === null ? '<em>sent; the text is no longer kept</em>' : escape(body)}</pre></article>`,
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Toota: mail outbox</title><style>${STYLE}</style></head>
<body><h1>Mail outbox</h1>
<p>What the server has written, newest first. Shown in DEBUG only.</p>
${list.join('\n') || '<p>No mail yet.</p>'}
</body></html>
`
}
