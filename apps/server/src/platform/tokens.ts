import { createHmac, createSecretKey, randomInt, randomUUID } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import { parseId, type AccountId, type SessionId } from '../kernel/index.ts'

export type TokenKind = 'access' | 'refresh'
export type TokenPair = { readonly access: string; readonly refresh: string }
export type Bearer = { readonly accountId: AccountId; readonly sessionId: SessionId }

export type Tokens = {
  readonly lifetimeSeconds: Readonly<Record<TokenKind, number>>
  issue(kind: TokenKind, bearer: Bearer, now: Date): Promise<string>
  /** Undefined: forged, expired or not ours. The caller checks the kind and whether the session still lives. */
  read(token: string, now: Date): Promise<(Bearer & { readonly kind: TokenKind }) | undefined>
  /** Keyed digest of a short secret, bound to what it is for: a stolen database does not tell the secret. */
  digest(purpose: string, secret: string): Buffer
  /** Digits from the system's random source, leading zeros included. */
  randomDigits(count: number): string
}

const LIFETIME_SECONDS = { access: 60 * 60, refresh: 24 * 60 * 60 } as const

/** JWTs as the existing clients decode them (HS256 by SECRET_KEY, `user_id`), plus the session they stand for. */
export function createTokens(secretKey: string): Tokens {
  const key = createSecretKey(secretKey, 'utf8')
  const digestKey = createHmac('sha256', key).update('toota/one-time-secret').digest()

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

    async read(token, now) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          currentDate: now,
          requiredClaims: ['exp'],
        })
        const accountId = parseId<AccountId>(payload['user_id'])
        const sessionId = parseId<SessionId>(payload['sid'])
        const kind = payload['token_type']
        if (!accountId || !sessionId || (kind !== 'access' && kind !== 'refresh')) return undefined
        return { accountId, sessionId, kind }
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
  }
}
