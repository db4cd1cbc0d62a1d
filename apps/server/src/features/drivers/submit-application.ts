import type { DriverId } from '../../kernel/index.ts'
import type { Mail } from '../../platform/mail-outbox.ts'
import type { Platform } from '../../platform/platform.ts'
import { findPeople, saveDetails } from '../accounts/index.ts'
import { lockDriver, saveDriver } from './driver-store.ts'
import { approvalOf, type Application } from './model/application.ts'

/**
 * Saves what a driver says of himself and his vehicle, as often as he likes. Another vehicle needs another approval,
 * unless DRIVER_APPROVAL is `auto`. Throws `phone-taken` and `registration-taken`.
 */
export async function submitApplication(
  { db, mail, news, settings }: Pick<Platform, 'db' | 'mail' | 'news' | 'settings'>,
  driverId: DriverId,
  application: Application,
): Promise<void> {
  await db.transaction(async (tx) => {
    await saveDetails(tx, driverId, application)
    const previous = await lockDriver(tx, driverId)
    const approval = approvalOf(application, previous, settings.driverApproval)

    await saveDriver(tx, driverId, application, approval)
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
