import { Refusal, type DriverId } from '../../kernel/index.ts'
import type { Mail } from '../../platform/mail-outbox.ts'
import type { Platform } from '../../platform/platform.ts'
import { findPeople, saveDetails } from '../accounts/index.ts'
import { keepPictures, replacePictures } from '../pictures/index.ts'
import { findApplication, lockDriver, saveDriver } from './driver-store.ts'
import {
  approvalOf,
  missingPictures,
  type Application,
  type ApplicationPictures,
} from './model/application.ts'

/**
 * Saves what a driver says of himself and his vehicle, as often as he likes; pictures stay until they are replaced.
 * Another vehicle needs another approval, unless DRIVER_APPROVAL is `auto`. Throws `not-found`, `pictures-missing`,
 * `picture-refused` (its `faults` name `profile`, `licence`, `front`, `back`), `busy`, `phone-taken` and
 * `registration-taken`.
 */
export async function submitApplication(
  platform: Pick<Platform, 'db' | 'blobs' | 'images' | 'mail' | 'news' | 'settings'>,
  driverId: DriverId,
  application: Application,
  pictures: ApplicationPictures,
): Promise<void> {
  const { db, mail, news, settings } = platform
  const present = await findApplication(db.single, driverId)
  if (!present) throw new Refusal('not-found')
  // What was there before stays there, so that nobody need look again in the transaction.
  const missing = missingPictures(pictures, present)
  if (missing.length > 0) throw new Refusal('pictures-missing', { missing })

  const [front, back] = pictures.car ?? []
  const uploads = { profile: pictures.profile, licence: pictures.licence, front, back }
  const kept = await keepPictures(platform, driverId, uploads, (word) => word === 'licence')

  await db.transaction(async (tx) => {
    await saveDetails(tx, driverId, { ...application, profilePicture: kept.profile })
    const previous = await lockDriver(tx, driverId)
    const approval = approvalOf(application, previous, settings.driverApproval)

    const car = kept.front && kept.back ? [kept.front, kept.back] : []
    const before = [
      ...(kept.licence && previous?.licencePicture ? [previous.licencePicture] : []),
      ...(car.length > 0 ? (previous?.carPictures ?? []) : []),
    ]
    await replacePictures(tx, driverId, { now: [...(kept.licence ? [kept.licence] : []), ...car], before })
    await saveDriver(tx, driverId, application, { licence: kept.licence, car }, approval)
    const [person] = await findPeople(tx, [driverId])
    if (person) await mail.enqueue(tx, submittedMail(person.email, person.name, approval))
    await news.append(tx, [{ accountId: driverId, kind: 'driver.changed', data: { approval } }])
  })
}

const submittedMail = (to: string, name: string, approval: 'approved' | 'pending'): Mail => ({
  to,
  subject: 'Driver KYC Application Submitted',
  body: [
    `Hello ${name},`,
    '',
    'we have received your driver application.',
    approval === 'approved'
      ? 'It is approved: you can go online now.'
      : 'We will check it. You get trips as soon as it is approved.',
  ].join('\n'),
})
