import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { parseId, type SessionId } from '../kernel/index.ts'

/** Which refresh token of which session: they are numbered from 0, and only the number is stored. */
export type RefreshNumber = { readonly sessionId: SessionId; readonly number: number }

const ID_BYTES = 16
const NUMBER_BYTES = 4
const MAC_BYTES = 32
const TOKEN_BYTES = ID_BYTES + NUMBER_BYTES + MAC_BYTES

/**
 * Opaque refresh tokens: session, number and a keyed digest of both. The same number gives the same token again, so a
 * lost answer can be repeated although no row holds a token.
 */
export function createRefreshTokens(secretKey: string) {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'toota/refresh-token', 32))
  const seal = (head: Buffer): Buffer => createHmac('sha256', key).update(head).digest()

  return {
    write: ({ sessionId, number }: RefreshNumber): string => {
      const head = Buffer.alloc(ID_BYTES + NUMBER_BYTES)
      head.write(sessionId.replaceAll('-', ''), 'hex')
      head.writeUInt32BE(number, ID_BYTES)
      return Buffer.concat([head, seal(head)]).toString('base64url')
    },

    /** Undefined: not one of ours. Whether the session still lives and the number counts is in the database. */
    read: (token: string): RefreshNumber | undefined => {
      const bytes = Buffer.from(token, 'base64url')
      if (bytes.length !== TOKEN_BYTES) return undefined
      const head = bytes.subarray(0, ID_BYTES + NUMBER_BYTES)
      if (!timingSafeEqual(bytes.subarray(head.length), seal(head))) return undefined
      const sessionId = parseId<SessionId>(dashed(head.toString('hex', 0, ID_BYTES)))
      return sessionId && { sessionId, number: head.readUInt32BE(ID_BYTES) }
    },
  }
}

const dashed = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
