import { Refusal, type DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { findDriverId, markApproved } from './driver-store.ts'

/**
 * The operator's word that a driver may drive. Again for an approved driver it changes nothing. Throws `not-found`
 * when no driver has this e-mail address or id, or he has not applied yet.
 */
export async function approveDriver(
  { db, news }: Pick<Platform, 'db' | 'news'>,
  emailOrId: string,
  by: string,
): Promise<DriverId> {
  return db.transaction(async (tx) => {
    const driverId = await findDriverId(tx, emailOrId)
    if (!driverId) throw new Refusal('not-found')
    if (await markApproved(tx, driverId, by))
      await news.append(tx, [{ accountId: driverId, kind: 'driver.approved', data: { by } }])
    return driverId
  })
}
