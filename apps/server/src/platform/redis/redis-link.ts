import { Cluster, Redis } from 'ioredis'
import { placeOfRedis, type RedisTarget } from './redis-target.ts'

/**
 * This node's connection to Redis. Nothing waits for it and nothing is lost with it: what cannot be sent is dropped,
 * and whoever shares something says it again once the link is back.
 */
export type RedisLink = {
  /** Commands of keys in one slot. */
  readonly commands: Pick<Redis, 'hscan' | 'pipeline' | 'eval' | 'info' | 'spublish'>
  readonly isUp: boolean
  /** Tells who is subscribed on any node, ours included; dropped while Redis is away. */
  publish(channel: string, message: string): void
  /** Hears the channel, with gaps while Redis is away, until the returned function is called. */
  subscribe(channel: string, listener: (message: string) => void): () => void
  /** Runs `listener` whenever the link has come up, with all subscriptions in place. */
  onUp(listener: () => void): void
  close(): void
}

type RedisLog = {
  warn(entry: { readonly err: unknown }, text: string): void
  error(entry: { readonly err: unknown }, text: string): void
}

/** No answer for so long: the connection is given up and made anew. What waits meanwhile is bounded by it. */
const SILENCE_MS = 1_500
const CONNECT_MS = 2_000
const LONGEST_PAUSE_MS = 2_000
/** A subscription alone writes nothing, so its silence would never be noticed. */
const PING_MS = 2_000

export function openRedis(target: RedisTarget, log: RedisLog): RedisLink {
  return target.kind === 'cluster' ? openCluster(target, log) : openServer(target, log)
}

function openServer(target: RedisTarget, log: RedisLog): RedisLink {
  const options = serverOptions(target)
  const client = new Redis({ ...options, enableAutoPipelining: true })
  // With the offline queue off, a subscription that is asked for while it connects is made when it is ready.
  const ear = new Redis(options)
  const channels = createChannels(log)
  const up = createUp()
  let isListening = false

  watchFaults(client, target, log)
  ear.on('error', () => undefined)
  ear.on('smessage', channels.tell)
  ear.on('close', () => (isListening = false))
  ear.on('ready', () => {
    const names = channels.names()
    const subscribed = names.length > 0 ? ear.ssubscribe(...names) : Promise.resolve()
    subscribed.then(
      () => {
        isListening = true
        if (client.status === 'ready') up.tell()
      },
      () => ear.disconnect(true),
    )
  })
  client.on('ready', () => {
    if (isListening) up.tell()
  })
  const pinging = setInterval(() => {
    for (const each of [ear, client]) if (each.status === 'ready') each.ping().catch(() => undefined)
  }, PING_MS)
  pinging.unref()

  return {
    commands: client,
    get isUp() {
      return client.status === 'ready' && isListening
    },
    publish: publisher(client),
    subscribe: (channel, listener) =>
      channels.add(channel, listener, {
        begin: () => {
          if (ear.status === 'ready') ear.ssubscribe(channel).catch(() => ear.disconnect(true))
        },
        end: () => {
          if (ear.status === 'ready') ear.sunsubscribe(channel).catch(() => undefined)
        },
      }),
    onUp: up.listen,
    close() {
      clearInterval(pinging)
      client.disconnect()
      ear.disconnect()
    },
  }
}

function openCluster(target: RedisTarget, log: RedisLog): RedisLink {
  const cluster = new Cluster([...target.hosts], {
    shardedSubscribers: true,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    slotsRefreshTimeout: CONNECT_MS,
    slotsRefreshInterval: 10_000,
    clusterRetryStrategy: pauseOf,
    redisOptions: connectionOptions(target),
  })
  const channels = createChannels(log)
  const up = createUp()
  /** The library makes these anew by itself wherever their slot goes. */
  const known = new Set<string>()
  const subscribe = async (channel: string): Promise<void> => {
    if (known.has(channel) || cluster.status !== 'ready') return
    known.add(channel)
    await cluster.ssubscribe(channel).catch(() => known.delete(channel))
  }

  watchFaults(cluster, target, log)
  cluster.on('smessage', channels.tell)
  const subscribeAll = (): void => {
    // One by one: channels of different slots cannot be asked for together.
    Promise.all(channels.names().map(subscribe)).then(up.tell, () => undefined)
  }
  cluster.on('ready', subscribeAll)
  cluster.on('subscribersReady', () => {
    if (cluster.status === 'ready') subscribeAll()
  })

  return {
    // It has the same commands, with other types for their answers.
    commands: cluster,
    get isUp() {
      return cluster.status === 'ready'
    },
    publish: publisher(cluster),
    subscribe: (channel, listener) =>
      channels.add(channel, listener, {
        begin: () => void subscribe(channel),
        end: () => {
          if (known.delete(channel)) cluster.sunsubscribe(channel).catch(() => undefined)
        },
      }),
    onUp: up.listen,
    close: () => cluster.disconnect(),
  }
}

function connectionOptions({ username, password, isEncrypted }: RedisTarget) {
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(isEncrypted && { tls: {} }),
    connectTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  }
}

function serverOptions(target: RedisTarget) {
  const { kind, hosts, masterName = '', password, database, isEncrypted } = target
  const common = {
    ...connectionOptions(target),
    db: database,
    enableOfflineQueue: false,
    retryStrategy: pauseOf,
  }
  if (kind === 'sentinel')
    return {
      ...common,
      sentinels: [...hosts],
      name: masterName,
      sentinelRetryStrategy: pauseOf,
      enableTLSForSentinelMode: isEncrypted,
      ...(password !== undefined && { sentinelPassword: password }),
    }
  const [{ host, port } = { host: '', port: 0 }] = hosts
  return { ...common, host, port }
}

/** Spread, so that not all nodes fall upon a Redis that has just come back. */
const pauseOf = (attempt: number): number =>
  Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2)

const publisher =
  (client: Redis | Cluster) =>
  (channel: string, message: string): void => {
    if (client.status === 'ready') client.spublish(channel, message).catch(() => undefined)
  }

/** Said when it breaks and when it is back, not at each attempt in between. */
function watchFaults(client: Redis | Cluster, target: RedisTarget, log: RedisLog): void {
  let isAway = false
  client.on('error', (error: Error) => {
    if (!isAway) log.warn({ err: error }, `Redis is away: ${placeOfRedis(target)}`)
    isAway = true
  })
  client.on('ready', () => {
    if (isAway) log.warn({ err: undefined }, 'Redis is back')
    isAway = false
  })
}

function createUp() {
  const listeners: (() => void)[] = []
  return {
    listen: (listener: () => void): void => void listeners.push(listener),
    tell: (): void => {
      for (const listener of listeners) listener()
    },
  }
}

type Wire = { readonly begin: () => void; readonly end: () => void }

function createChannels(log: RedisLog) {
  const byName = new Map<string, Set<(message: string) => void>>()
  return {
    names: (): string[] => [...byName.keys()],
    add(name: string, listener: (message: string) => void, wire: Wire): () => void {
      const group = byName.get(name) ?? new Set()
      const isFirst = group.size === 0
      byName.set(name, group.add(listener))
      if (isFirst) wire.begin()
      return () => {
        if (!group.delete(listener) || group.size > 0) return
        byName.delete(name)
        wire.end()
      }
    },
    tell: (name: string, message: string): void => {
      for (const listener of [...(byName.get(name) ?? [])]) {
        try {
          listener(message)
        } catch (error) {
          log.error({ err: error }, 'a message of another node could not be taken')
        }
      }
    },
  }
}
