import type { Role } from '@toota/contract'
import type { AccountId, SessionId } from '../../../kernel/index.ts'

/** Who asks. The role is the account row's, never the token's or the body's. */
export type Principal = {
  readonly accountId: AccountId
  readonly role: Role
  readonly sessionId: SessionId
}
