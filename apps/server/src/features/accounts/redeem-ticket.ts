import type { Platform } from '../../platform/platform.ts'
import { unauthenticated } from './authenticate.ts'
import { TICKET_SCOPE } from './issue-ticket.ts'
import type { Admission } from './model/principal.ts'
import { spendTicket } from './ticket-store.ts'

/** As long as an access token lives, which a ticket stands for. */
const VALID_MS = 10 * 60_000

/** Who a handshake with this ticket speaks for; the ticket is gone. Throws `not-authenticated`. */
export async function redeemTicket(
  { db, clock, tokens }: Pick<Platform, 'db' | 'clock' | 'tokens'>,
  ticket: string,
): Promise<Admission> {
  const principal = await spendTicket(db.single, tokens.digest(TICKET_SCOPE, ticket))
  if (!principal) throw unauthenticated('invalid')
  return { ...principal, expiresAt: new Date(clock.now().getTime() + VALID_MS) }
}
