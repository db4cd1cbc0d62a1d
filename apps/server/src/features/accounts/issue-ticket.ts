import type { SessionId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { insertTicket } from './ticket-store.ts'

const TICKET_SECONDS = 30
/** What a ticket's digest is bound to. */
export const TICKET_SCOPE = 'ticket'

/** For browsers, which cannot set a header on a socket: opens one socket in this session, once, within 30 s. */
export async function issueTicket(
  { db, tokens }: Pick<Platform, 'db' | 'tokens'>,
  sessionId: SessionId,
): Promise<{ ticket: string; expiresInSeconds: number }> {
  const ticket = tokens.randomSecret()
  await insertTicket(db.single, tokens.digest(TICKET_SCOPE, ticket), sessionId, TICKET_SECONDS)
  return { ticket, expiresInSeconds: TICKET_SECONDS }
}
