import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  isPersonName,
  MAX_LOAD_KG,
  MIN_LOAD_KG,
  readPhone,
  submitApplication,
  viewApplication,
} from '../../features/drivers/index.ts'
import type { DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { ClassicContext } from '../context.ts'
import { parseVehicle, vehicleWord } from '../spelling.ts'
import { principalOf, requireRole } from './access.ts'
import { errorAnswers, messageAnswer, signedIn, tagged } from './answers.ts'
import { formsOnly, number, text, TEXTS, UploadedFile } from './bodies.ts'
import { ClassicError, InvalidBody, inWordsOf } from './errors.ts'

const NO_PICTURES = 'Pictures cannot be uploaded yet.'

const name = (label: string) =>
  text({ max: 50 }).refine(isPersonName, { error: `${label} must contain only alphabetic characters.` })

const phone = (platform: Platform) =>
  text().transform((typed, ctx) => {
    const refuse = (message: string) => {
      ctx.addIssue({ code: 'custom', message })
      return z.NEVER
    }
    const number = readPhone(typed, platform.settings.defaultMarket)
    if (number === undefined) return refuse('Enter a valid phone number.')
    if (number.length < 10 || number.length > 15)
      return refuse('Phone number must be between 10 and 15 digits.')
    return number
  })

const applicationBody = (platform: Platform) =>
  z.object({
    first_name: name('First name').optional(),
    last_name: name('Last name').optional(),
    physical_address: text({ blank: 'Physical address cannot be empty.', max: 500 }).optional(),
    phone_number: phone(platform),
    vehicle_registration: text({
      max: 50,
      required: 'Vehicle registration is required.',
      blank: 'Vehicle registration is required.',
    }),
    vehicle_type: text().transform((word, ctx) => {
      const vehicleClass = parseVehicle(word)
      if (vehicleClass) return vehicleClass
      ctx.addIssue({ code: 'custom', message: TEXTS.choice(word) })
      return z.NEVER
    }),
    vehicle_load_capacity: number()
      .transform((tons) => Math.round(tons * 1000))
      .refine((kg) => kg >= MIN_LOAD_KG && kg <= MAX_LOAD_KG, {
        error: 'Vehicle load capacity must be between 0.5 and 10 tons.',
      }),
  })

const textOrNull = z.string().nullable()
const applicationAnswer = z.object({
  first_name: textOrNull,
  last_name: textOrNull,
  physical_address: textOrNull,
  phone_number: textOrNull,
  profile_pic: z.null(),
  car_images: z.array(z.string()),
  vehicle_registration: textOrNull,
  vehicle_type: textOrNull,
  vehicle_load_capacity: z.number().nullable().describe('Tons'),
  is_verified_by_admin: z.boolean(),
})

/** The driver's application (KYC): text and vehicle fields. */
export function registerDrivers(app: FastifyInstance, { platform }: ClassicContext): void {
  const body = applicationBody(platform)
  const isDriver = (request: FastifyRequest, _reply: unknown, done: (error?: Error) => void): void => {
    done(principalOf(request).role === 'driver' ? undefined : new ClassicError(404, 'Driver not found.'))
  }
  const submitting = {
    ...tagged(['Drivers'], 'Submit the application as a driver'),
    ...signedIn,
    consumes: ['multipart/form-data', 'application/x-www-form-urlencoded'],
    body,
    response: { 200: messageAnswer, ...errorAnswers(400, 401, 404, 415) },
  }
  const viewing = {
    ...tagged(['Drivers'], 'See the application as submitted'),
    ...signedIn,
    response: { 200: applicationAnswer, ...errorAnswers(401, 404) },
  }
  const onRequest = [requireRole(platform), isDriver]

  for (const url of ['/auth/kyc-update/driver/', '/auth/driver/kyc/update/']) {
    app.put(
      url,
      { schema: submitting, onRequest: [...onRequest, onlyForms], preValidation: withoutFiles },
      async (request) => {
        await inWordsOf(WORDS, () =>
          submitApplication(platform, driverOf(request), fromWire(request.body as z.output<typeof body>)),
        )
        return { message: 'Driver KYC updated successfully.' }
      },
    )
    app.get(url, { schema: viewing, onRequest }, (request) => answerApplication(platform, driverOf(request)))
  }
}

const driverOf = (request: FastifyRequest) => principalOf(request).accountId as DriverId

function onlyForms(request: FastifyRequest, _reply: unknown, done: () => void): void {
  formsOnly(request)
  done()
}

function withoutFiles(request: FastifyRequest, _reply: unknown, done: () => void): void {
  const files = Object.entries(request.body as object).filter(([, value]) =>
    [value].flat().some((item) => item instanceof UploadedFile),
  )
  if (files.length > 0)
    throw new InvalidBody(Object.fromEntries(files.map(([field]) => [field, [NO_PICTURES]])))
  done()
}

function fromWire(body: z.output<ReturnType<typeof applicationBody>>) {
  return {
    firstName: body.first_name,
    lastName: body.last_name,
    physicalAddress: body.physical_address,
    phone: body.phone_number,
    vehicleRegistration: body.vehicle_registration,
    vehicleClass: body.vehicle_type,
    loadCapacityKg: body.vehicle_load_capacity,
  }
}

async function answerApplication(platform: Platform, driverId: DriverId) {
  const application = await viewApplication(platform, driverId)
  if (!application) throw new ClassicError(404, 'Driver not found.')
  return {
    first_name: application.firstName,
    last_name: application.lastName,
    physical_address: application.physicalAddress,
    phone_number: application.phone,
    profile_pic: null,
    car_images: [],
    vehicle_registration: application.vehicleRegistration,
    vehicle_type: application.vehicleClass && vehicleWord(application.vehicleClass),
    vehicle_load_capacity: application.loadCapacityKg === null ? null : application.loadCapacityKg / 1000,
    is_verified_by_admin: application.isApproved,
  }
}

const WORDS = {
  'phone-taken': () => new InvalidBody({ phone_number: ['Phone number is already registered.'] }),
  'registration-taken': () =>
    new InvalidBody({ vehicle_registration: ['Vehicle registration already exists.'] }),
}
