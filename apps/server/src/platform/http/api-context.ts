import type { Role } from '@toota/contract'
import type { AccountId, SessionId } from '../../kernel/index.ts'
import type { Platform } from '../platform.ts'
import type { Access } from './access.ts'

type Caller = { readonly accountId: AccountId; readonly role: Role; readonly sessionId: SessionId }

/** What the routes of `/v1` work with. */
export type ApiContext = {
  readonly platform: Platform
  readonly access: Access<Caller>
  /** The address of a stored picture. */
  readonly pictureUrl: (name: string | null) => string | null
}
