import { createHmac, createSecretKey, randomBytes, randomInt, randomUUID } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import { parseId, type AccountId, type SessionId } from '../kernel/index.ts'
import { createAccessTokens, saysAccessToken, type AccessToken, type Bearer } from './access-tokens.ts'
import { createRefreshTokens, type RefreshNumber } from './refresh-tokens.ts'

export type TokenKind = 'access' | 'refresh'
export type TokenPair = { readonly access: string; readonly refresh: string }

export type ReadToken = Bearer & { readonly kind: TokenKind; readonly expiresAt: Date }

export type Tokens = {
  /** Of the existing clients' tokens. */
  readonly lifetimeSeconds: Readonly<Record<TokenKind, number>>
  /** A token as the existing clients decode them. */
  issue(kind: TokenKind, bearer: Bearer, now: Date): Promise<string>
  /** A short-lived access token of the product's own API. */
  issueAccess(bearer: Bearer, now: Date): Promise<AccessToken>
  /**
   * Either kind of signed token, each by its one algorithm. Undefined: forged, expired or not ours. The caller checks
   * the kind and whether the session still lives.
   */
  read(token: string, now: Date): Promise<ReadToken | undefined>
  /** The opaque refresh token of this number, always the same. */
  writeRefresh(number: RefreshNumber): string
  readRefresh(token: string): RefreshNumber | undefined
  /** Keyed digest of a short secret, bound to what it is for: a stolen database does not tell the secret. */
  digest(purpose: string, secret: string): Buffer
  /** Digits from the system's random source, leading zeros included. */
  randomDigits(count: number): string
  /** 256 bits of chance, fit for a URL. */
  randomSecret(): string
}

const LIFETIME_SECONDS = { access: 60 * 60, refresh: 24 * 60 * 60 } as const

/**
 * The existing clients' JWTs (HS256 by SECRET_KEY, `user_id`, plus the session they stand for) and the product's own
 * tokens, whose keys are derived from the same secret.
 */
export function createTokens(secretKey: string): Tokens {
  const key = createSecretKey(secretKey, 'utf8')
  const digestKey = createHmac('sha256', key).update('toota/one-time-secret').digest()
  const accessTokens = createAccessTokens(secretKey)
  const refreshTokens = createRefreshTokens(secretKey)

  return {
    lifetimeSeconds: LIFETIME_SECONDS,

    issue(kind, { accountId, sessionId }, now) {
      const iat = Math.floor(now.getTime() / 1000)
      const exp = iat + LIFETIME_SECONDS[kind]
      const jti = randomUUID().replaceAll('-', '')
      return new SignJWT({ token_type: kind, exp, iat, jti, user_id: accountId, sid: sessionId })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .sign(key)
    },

    issueAccess: accessTokens.issue,
    writeRefresh: refreshTokens.write,
    readRefresh: refreshTokens.read,

    async read(token, now) {
      if (saysAccessToken(token)) {
        const bearer = await accessTokens.read(token, now)
        return bearer && { ...bearer, kind: 'access' }
      }
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          typ: 'JWT',
          currentDate: now,
          requiredClaims: ['exp'],
        })
        const accountId = parseId<AccountId>(payload['user_id'])
        const sessionId = parseId<SessionId>(payload['sid'])
        const kind = payload['token_type']
        if (!accountId || !sessionId || (kind !== 'access' && kind !== 'refresh')) return undefined
        return { accountId, sessionId, kind, expiresAt: new Date(Number(payload.exp) * 1000) }
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined
        throw error
      }
    },

    digest: (purpose, secret) =>
      createHmac('sha256', digestKey)
        .update(JSON.stringify([purpose, secret]))
        .digest(),
    randomDigits: (count) => Array.from({ length: count }, () => randomInt(10)).join(''),
    randomSecret: () => randomBytes(32).toString('base64url'),
  }
}
