import type { AccountId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findSessions, type Session } from './session-store.ts'

/** More devices than a person has. */
const MOST = 100

/** Where this account is signed in, newest first. */
export const listSessions = ({ db }: Pick<Platform, 'db'>, accountId: AccountId): Promise<Session[]> =>
  findSessions(db.single, accountId, MOST)
