import { z } from 'zod'
import { CURRENCIES, ROLES, VEHICLE_CLASSES } from './vocabulary.ts'

/** A UUID in any case; the server answers them in lower case. */
export const Id = z.guid().toLowerCase()

export const Instant = z.iso.datetime({ offset: true }).describe('ISO 8601, with offset')

export const Money = z
  .object({
    amountMinor: z.int().describe('Cents, kobo, pesewas: never a fraction'),
    currency: z.enum(CURRENCIES),
  })
  .meta({ id: 'Money' })

/** Text without NUL characters, since PostgreSQL stores none; outer spaces go. */
export const text = (min: number, max: number) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    .regex(/^[^\0]*$/u, 'NUL characters are not allowed')

export const Latitude = z.number().min(-90).max(90).describe('WGS 84 degrees')
export const Longitude = z.number().min(-180).max(180).describe('WGS 84 degrees')

/** The name of an uploaded picture; whoever uploaded it may use it for half an hour. */
export const PictureName = z.string().regex(/^[0-9a-f]{32}\.jpg$/, 'is no name of a picture')

export const Position = z
  .object({ latitude: Latitude, longitude: Longitude, at: Instant })
  .meta({ id: 'Position' })

export const VehicleClassName = z.enum(VEHICLE_CLASSES)
export const RoleName = z.enum(ROLES)
export const SignUpRole = z.enum(['customer', 'driver'])

/** The other side of a trip; e-mail and phone only while the two have business with each other. */
export const Contact = z
  .object({
    id: Id,
    name: z.string(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    picture: z.string().nullable().describe('URL'),
  })
  .meta({ id: 'Contact' })

export const Page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z
    .string()
    .max(200)
    .optional()
    .describe('`nextCursor` of the page before; a page is not disturbed by new rows'),
})
