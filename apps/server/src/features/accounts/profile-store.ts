import type { AccountId } from '../../kernel/index.ts'
import type { Tx } from '../../platform/database/index.ts'

/** What somebody has said of himself. */
export type Profile = {
  readonly email: string
  readonly firstName: string | null
  readonly lastName: string | null
  readonly physicalAddress: string | null
  /** E.164. */
  readonly phone: string | null
  /** The name of a stored picture. */
  readonly profilePicture: string | null
}

export function findProfile(tx: Tx, accountId: AccountId): Promise<Profile | undefined> {
  return tx
    .selectFrom('account')
    .select([
      'email',
      'first_name as firstName',
      'last_name as lastName',
      'physical_address as physicalAddress',
      'phone',
      'profile_picture as profilePicture',
    ])
    .where('id', '=', accountId)
    .executeTakeFirst()
}
