import type { Platform } from '../../platform/platform.ts'
import { unauthenticated } from './authenticate.ts'
import { TICKET_SCOPE } from './issue-ticket.ts'
import type { Principal } from './model/principal.ts'
import { spendTicket } from './ticket-store.ts'

/** Who a handshake with this ticket speaks for; the ticket is gone. Throws `not-authenticated`. */
export async function redeemTicket(
  { db, tokens }: Pick<Platform, 'db' | 'tokens'>,
  ticket: string,
): Promise<Principal> {
  const principal = await spendTicket(db.single, tokens.digest(TICKET_SCOPE, ticket))
  if (!principal) throw unauthenticated('invalid')
  return principal
}
