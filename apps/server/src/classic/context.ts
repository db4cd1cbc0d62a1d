import type { Roster } from '../features/tracking/index.ts'
import type { Platform } from '../platform/platform.ts'
import type { SocketHub } from '../platform/socket/index.ts'

/** What the classic edge works with. */
export type ClassicContext = { readonly platform: Platform; readonly roster: Roster; readonly hub: SocketHub }
