import type { Role } from '@toota/contract'
import { authenticate } from '../../features/accounts/index.ts'
import { createAccess } from '../../platform/http/index.ts'
import type { Platform } from '../../platform/platform.ts'

export { principalOf } from '../../platform/http/index.ts'

/** An onRequest hook: who asks, before the body is read. No roles means any. */
export const requireRole = (
  platform: Pick<Platform, 'db' | 'clock' | 'tokens' | 'throttle'>,
  ...roles: readonly Role[]
) =>
  createAccess(platform, ({ headers }) => authenticate(platform, headers.authorization)).requireRole(...roles)
