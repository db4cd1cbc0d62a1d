import type { Role } from '@toota/contract'
import type { AccountId, SessionId } from '../../../kernel/index.ts'

/** Who asks. The role is the account row's, never the token's or the body's. */
export type Principal = {
  readonly accountId: AccountId
  readonly role: Role
  readonly sessionId: SessionId
}

/** Who was let in, and when what he showed is over: a socket needs another by then. */
export type Admission = Principal & { readonly expiresAt: Date }
