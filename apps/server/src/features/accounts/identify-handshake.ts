import type { Platform } from '../../platform/platform.ts'
import { authenticate } from './authenticate.ts'
import type { Admission } from './model/principal.ts'
import { redeemTicket } from './redeem-ticket.ts'

/**
 * Who a socket's handshake speaks for: by the header, or by a ticket where a browser cannot set one. Undefined when it
 * brings neither; a token in the address is not even read. Throws `not-authenticated`.
 */
export function identifyHandshake(
  platform: Pick<Platform, 'db' | 'clock' | 'tokens'>,
  { authorization, ticket }: { readonly authorization: string | undefined; readonly ticket: unknown },
): Promise<Admission> | undefined {
  if (authorization !== undefined) return authenticate(platform, authorization)
  return typeof ticket === 'string' ? redeemTicket(platform, ticket) : undefined
}
