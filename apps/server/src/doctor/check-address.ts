import { createServer } from 'node:net'
import type { Config } from '../config.ts'
import { errorCode } from '../platform/database/index.ts'
import { findingsOf, type Finding } from './finding.ts'

const { ok, fail } = findingsOf('port')
const publicUrl = findingsOf('public URL')
const PATIENCE_MS = 3_000

export function checkPublicUrl({ isLocal, settings }: Pick<Config, 'isLocal' | 'settings'>): Finding {
  const { publicUrl: url } = settings
  if (url === undefined) {
    const says = 'PUBLIC_URL is not set: addresses of pictures are told without a host'
    return isLocal && settings.isDebug
      ? publicUrl.ok(says)
      : publicUrl.warn(says, 'set PUBLIC_URL to what clients see, like https://api.example.com')
  }
  return url.startsWith('https:') || isLocal
    ? publicUrl.ok(url)
    : publicUrl.warn(
        `${url} is not encrypted`,
        'put a proxy with a certificate in front, and set its https:// URL',
      )
}

/** The port is free, or Toota is what answers there. */
export async function checkPort({ http }: Pick<Config, 'http'>): Promise<Finding[]> {
  const place = `${http.host.includes(':') ? `[${http.host}]` : http.host}:${http.port}`
  const ready = await askReady(http)
  if (ready?.status === 'ready') return [ok(`Toota answers at ${place}`)]
  if (ready?.status === 'not ready')
    return [fail(`Toota at ${place} is not ready: ${ready.reason ?? 'no reason'}`, 'mend what it names')]

  const fault = await tryListening(http)
  if (fault === undefined) return [ok(`${place} is free; the server is not running`)]
  return fault === 'EADDRINUSE'
    ? [fail(`${place} is taken by another program`, 'stop that program, or set another PORT')]
    : [fail(`${place} cannot be listened on (${fault})`, 'set another HOST or PORT')]
}

type Ready = { readonly status: unknown; readonly reason?: string }

/** What /readyz says there; undefined when it is not ours, or nobody answers. */
async function askReady({ host, port: number }: Config['http']): Promise<Ready | undefined> {
  const name =
    host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const response = await fetch(`http://${name}:${number}/readyz`, { signal, redirect: 'manual' })
    return (await response.json()) as Ready
  } catch {
    return undefined
  }
}

function tryListening({ host, port: number }: Config['http']): Promise<string | undefined> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(errorCode(error) ?? error.name))
    server.listen(number, host, () => server.close(() => resolve(undefined)))
  })
}
