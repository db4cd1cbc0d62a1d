import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** One header's value. Repeated headers are joined by Node, and then are no signature. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

/** The signature of `parts` in the encoding it travels in: hex is lower-case, base64 has its padding. */
export function signatureOf(
  algorithm: 'sha256' | 'sha512',
  encoding: 'hex' | 'base64',
  key: string | Buffer,
  ...parts: readonly (string | Buffer)[]
): string {
  const hmac = createHmac(algorithm, key)
  for (const part of parts) hmac.update(part)
  return hmac.digest(encoding)
}

/** Whether a signature is one of the expected, each compared in constant time and letter by letter. None expected: no. */
export function isSignature(given: string, expected: readonly string[]): boolean {
  const bytes = Buffer.from(given)
  // All are compared: which of several secrets fitted is nobody's business.
  return expected.filter((one) => isSame(bytes, Buffer.from(one))).length > 0
}

/** Whether a text is one of the secrets, telling by its time neither the secret nor its length. */
export function isSecret(given: string, secrets: readonly string[]): boolean {
  const digest = sha256(given)
  return secrets.filter((secret) => secret !== '' && isSame(digest, sha256(secret))).length > 0
}

const isSame = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b)

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
