import type { Platform } from '../platform.ts'
import type { Access } from './access.ts'

/** What the routes of `/v1` work with. */
export type ApiContext = {
  readonly platform: Platform
  readonly access: Access
  /** The address of a stored picture. */
  readonly pictureUrl: (name: string | null) => string | null
}
