import { z } from 'zod'
import { isPersonName, readPhone } from '../../features/accounts/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { text } from './bodies.ts'

/** Who somebody is, in the fields that customers' and drivers' forms share. */
export const personFields = () => ({
  first_name: name('First name').optional(),
  last_name: name('Last name').optional(),
  physical_address: text({ blank: 'Physical address cannot be empty.', max: 500 }).optional(),
})

const name = (label: string) =>
  text({ max: 50 }).refine(isPersonName, { error: `${label} must contain only alphabetic characters.` })

export const phoneField = ({ settings }: Platform, invalid = 'Enter a valid phone number.') =>
  text().transform((typed, ctx) => {
    const refuse = (message: string) => {
      ctx.addIssue({ code: 'custom', message })
      return z.NEVER
    }
    const number = readPhone(typed, settings.defaultMarket)
    if (number === undefined) return refuse(invalid)
    if (number.length < 10 || number.length > 15)
      return refuse('Phone number must be between 10 and 15 digits.')
    return number
  })

/** The fields in the words of the use cases. */
export const personalDetails = (body: {
  readonly first_name?: string | undefined
  readonly last_name?: string | undefined
  readonly physical_address?: string | undefined
}) => ({
  firstName: body.first_name,
  lastName: body.last_name,
  physicalAddress: body.physical_address,
})
