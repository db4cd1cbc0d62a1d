import { createHash, createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto'
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose'
import { parseId, type AccountId, type SessionId } from '../kernel/index.ts'

/** Whom a token speaks for. */
export type Bearer = { readonly accountId: AccountId; readonly sessionId: SessionId }
export type AccessToken = { readonly token: string; readonly expiresAt: Date }

const LIFETIME_SECONDS = 10 * 60
/** How far the clocks of two nodes may be apart. */
const LEEWAY_SECONDS = 30
const ALGORITHM = 'EdDSA'
const [TYPE, ISSUER, AUDIENCE] = ['at+jwt', 'toota', 'toota-api'] as const
/** The bytes that RFC 8410 puts before the 32 of an Ed25519 key. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The access tokens of the product's own API: Ed25519, ten minutes, one key derived from SECRET_KEY. */
export function createAccessTokens(secretKey: string) {
  const seed = Buffer.from(hkdfSync('sha256', secretKey, '', 'toota/access-token/ed25519', 32))
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const publicKey = createPublicKey(privateKey)
  const kid = createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64url')
    .slice(0, 16)

  return {
    issue: async ({ accountId, sessionId }: Bearer, now: Date): Promise<AccessToken> => {
      const iat = Math.floor(now.getTime() / 1000)
      const exp = iat + LIFETIME_SECONDS
      const token = await new SignJWT({ sid: sessionId, iat, nbf: iat, exp })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(accountId)
        .sign(privateKey)
      return { token, expiresAt: new Date(exp * 1000) }
    },

    /** Undefined: forged, expired or not ours. No key is ever taken from the token (`jku`, `x5u`, `jwk`). */
    read: async (token: string, now: Date): Promise<(Bearer & { expiresAt: Date }) | undefined> => {
      try {
        const { payload, protectedHeader } = await jwtVerify(token, publicKey, {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer: ISSUER,
          audience: AUDIENCE,
          requiredClaims: ['sub', 'sid', 'iat', 'nbf', 'exp'],
          clockTolerance: LEEWAY_SECONDS,
          currentDate: now,
        })
        const lifetime = Number(payload.exp) - Number(payload.iat)
        const accountId = parseId<AccountId>(payload.sub)
        const sessionId = parseId<SessionId>(payload['sid'])
        if (protectedHeader.kid !== kid || lifetime > LIFETIME_SECONDS || !accountId || !sessionId)
          return undefined
        return { accountId, sessionId, expiresAt: new Date(Number(payload.exp) * 1000) }
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined
        throw error
      }
    },
  }
}

/** Which kind a token says it is; whether it is one decides that kind's own check. */
export function saysAccessToken(token: string): boolean {
  try {
    return decodeProtectedHeader(token).alg === ALGORITHM
  } catch {
    return false
  }
}
