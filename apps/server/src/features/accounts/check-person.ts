import { Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { isPersonName } from './model/person-name.ts'
import { readPhone } from './phone-number.ts'

type Typed = {
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  readonly phone?: string | undefined
}

/** What somebody typed about himself, the number as E.164. Refuses `invalid-request` and says which field. */
export function checkPerson<T extends Typed>({ settings }: Pick<Platform, 'settings'>, typed: T): T {
  for (const field of ['firstName', 'lastName'] as const) {
    const name = typed[field]
    if (name !== undefined && !isPersonName(name))
      throw new Refusal('invalid-request', { [field]: 'is no name' })
  }
  if (typed.phone === undefined) return typed
  const phone = readPhone(typed.phone, settings.defaultMarket)
  if (phone === undefined) throw new Refusal('invalid-request', { phone: 'is no phone number' })
  return { ...typed, phone }
}
