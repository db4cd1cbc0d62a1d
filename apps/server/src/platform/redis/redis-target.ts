/** Where Redis is: one server, whichever Sentinel names as the master, or a Cluster. */
export type RedisTarget = {
  readonly kind: 'single' | 'sentinel' | 'cluster'
  readonly hosts: readonly { readonly host: string; readonly port: number }[]
  /** Only of a Sentinel: what it calls the master. */
  readonly masterName: string | undefined
  readonly isEncrypted: boolean
  readonly username: string | undefined
  readonly password: string | undefined
  readonly database: number
}

const SHAPE =
  /^redis(?<tls>s?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<user>[^:@/]*):(?<password>[^@/]*)@)?(?<hosts>[^@/?#]+)(?<path>\/[^?#]*)?$/i
const HOST = /^(?<host>[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(?<port>\d{1,5}))?$/i
const DEFAULT_PORT = { single: 6379, sentinel: 26379, cluster: 6379 } as const

/**
 * Understands `redis[s]://[user:password@]host[:port][/database]`, `redis[s]+sentinel://…host,host/master-name[/database]` and
 * `redis[s]+cluster://…host,host`. Undefined: it is none of these.
 */
export function parseRedisUrl(text: string): RedisTarget | undefined {
  const parts = SHAPE.exec(text.trim())?.groups
  if (!parts) return undefined
  const kind = (parts['kind']?.toLowerCase() ?? 'single') as RedisTarget['kind']
  const hosts = (parts['hosts'] ?? '').split(',').map((each) => hostOf(each.trim(), DEFAULT_PORT[kind]))
  const path = (parts['path'] ?? '').split('/').slice(1).filter(Boolean)
  const masterName = kind === 'sentinel' ? path.shift() : undefined
  const database = /^\d{1,4}$/.test(path[0] ?? '0') ? Number(path[0] ?? 0) : undefined
  const [username, password] = [decoded(parts['user']), decoded(parts['password'])]
  if (!hosts.every((each) => each !== undefined) || database === undefined || path.length > 1)
    return undefined
  if (username === null || password === null) return undefined
  if (kind === 'sentinel' && masterName === undefined) return undefined
  if (kind === 'single' && hosts.length > 1) return undefined
  if (kind === 'cluster' && database !== 0) return undefined
  return { kind, hosts, masterName, isEncrypted: parts['tls'] !== '', username, password, database }
}

/** Without anything secret in it. */
export const placeOfRedis = ({ kind, hosts, masterName }: RedisTarget): string =>
  [
    kind === 'single' ? '' : `${kind} `,
    hosts.map(({ host, port }) => `${host}:${port}`).join(', '),
    masterName === undefined ? '' : ` (${masterName})`,
  ].join('')

function hostOf(text: string, defaultPort: number): { host: string; port: number } | undefined {
  const { host, port } = HOST.exec(text)?.groups ?? {}
  const number = port === undefined ? defaultPort : Number(port)
  if (host === undefined || number < 1 || number > 65_535) return undefined
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: number }
}

/** Null: it cannot be decoded. */
function decoded(text: string | undefined): string | undefined | null {
  try {
    return text ? decodeURIComponent(text) : undefined
  } catch {
    return null
  }
}
