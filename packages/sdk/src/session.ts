import type { components } from './api-types.ts'
import { readJson, TootaError, type ErrorCode } from './problem.ts'

type SessionTokens = components['schemas']['SessionTokens']
type RefreshRequest = components['schemas']['RefreshRequest']

/** Where a session outlives the page: `localStorage` and React Native's AsyncStorage fit. */
export type Storage = {
  getItem(key: string): string | null | Promise<string | null>
  setItem(key: string, value: string): unknown
  removeItem(key: string): unknown
}

/** Who is signed in. */
export type Identity = { readonly accountId: string; readonly role: SessionTokens['role'] }

/** `signed-out` when it was asked for, else what the server said. */
export type SignOutReason = 'signed-out' | ErrorCode

type SessionOptions = {
  readonly storage: Storage
  /** The name of this installation; made up and kept when it is not given. */
  readonly device: string | undefined
  readonly now: () => number
  readonly refresh: (request: RefreshRequest) => Promise<SessionTokens>
}

/** Receipt is by this machine's clock, expiry by the server's. */
type Kept = { readonly device: string; readonly tokens?: SessionTokens; readonly receivedAtMs?: number }

const KEY = 'toota.session'
const REFRESH_BEFORE_MS = 60_000

/** The tokens of one person on this installation, renewed before they expire, one renewal at a time. */
export class Session {
  readonly #options: SessionOptions
  readonly #listeners = new Set<(reason: SignOutReason) => void>()
  #kept: Kept
  #loading: Promise<void> | undefined
  #renewing: Promise<string> | undefined

  constructor(options: SessionOptions) {
    this.#options = options
    this.#kept = { device: options.device ?? crypto.randomUUID() }
  }

  get identity(): Identity | undefined {
    const { tokens } = this.#kept
    return tokens && { accountId: tokens.accountId, role: tokens.role }
  }

  /** Reads what the storage remembers; once. */
  restore(): Promise<void> {
    return (this.#loading ??= this.#load())
  }

  async device(): Promise<string> {
    await this.restore()
    return this.#kept.device
  }

  async begin(tokens: SessionTokens): Promise<void> {
    await this.restore()
    await this.#keep(tokens)
  }

  /** Forgets the tokens and tells. */
  async end(reason: SignOutReason): Promise<void> {
    if (!this.#kept.tokens) return
    await this.#keep(undefined)
    for (const listener of [...this.#listeners]) listener(reason)
  }

  onEnd(listener: (reason: SignOutReason) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A token that is good for a while. Throws `not-authenticated` when nobody is signed in. */
  async accessToken(): Promise<string> {
    await this.restore()
    const { accessToken } = this.#tokens()
    return this.#isOld() ? this.renew(accessToken) : accessToken
  }

  /** Another token than the one the server refused. All who ask at the same time share one renewal. */
  async renew(refused: string): Promise<string> {
    const { accessToken } = this.#tokens()
    if (accessToken !== refused) return accessToken
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined))
    return this.#renewing
  }

  async #renew(): Promise<string> {
    const used = this.#tokens()
    // Another tab of this installation may have renewed, or signed out.
    const stored = await this.#read()
    if (stored?.tokens && stored.tokens.refreshToken !== used.refreshToken) {
      this.#kept = stored
      if (!this.#isOld()) return stored.tokens.accessToken
    }
    const { refreshToken } = this.#tokens()
    try {
      const tokens = await this.#options.refresh({ refreshToken, device: this.#kept.device })
      if (this.#kept.tokens?.refreshToken !== refreshToken) return this.#tokens().accessToken
      await this.#keep(tokens)
      return tokens.accessToken
    } catch (error) {
      const isOver = error instanceof TootaError && error.status === 401
      if (isOver && this.#kept.tokens?.refreshToken === refreshToken) await this.end(error.code)
      throw error
    }
  }

  /** A wrong clock here makes it renew once a minute at most, never with each call. */
  #isOld(): boolean {
    const { tokens, receivedAtMs = 0 } = this.#kept
    const nowMs = this.#options.now()
    const isDue = nowMs > Date.parse(tokens?.accessExpiresAt ?? '') - REFRESH_BEFORE_MS
    return isDue && nowMs - receivedAtMs > REFRESH_BEFORE_MS
  }

  #tokens(): SessionTokens {
    const { tokens } = this.#kept
    if (tokens) return tokens
    const facts = { code: 'not-authenticated', status: 401, retryable: false } as const
    throw new TootaError({ ...facts, message: 'Nobody is signed in (not-authenticated)' })
  }

  async #load(): Promise<void> {
    const stored = await this.#read()
    if (stored) this.#kept = { ...stored, device: this.#options.device ?? stored.device }
  }

  async #read(): Promise<Kept | undefined> {
    const value = readJson((await this.#options.storage.getItem(KEY)) ?? '')
    const isKept = typeof value === 'object' && value !== null && 'device' in value
    return isKept ? (value as Kept) : undefined
  }

  async #keep(tokens: SessionTokens | undefined): Promise<void> {
    const { device } = this.#kept
    this.#kept = tokens ? { device, tokens, receivedAtMs: this.#options.now() } : { device }
    await this.#options.storage.setItem(KEY, JSON.stringify(this.#kept))
  }
}

/** Remembers until the program ends. */
export function memoryStorage(): Storage {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  }
}
