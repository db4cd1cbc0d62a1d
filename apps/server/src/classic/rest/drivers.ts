import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  MAX_LOAD_KG,
  MIN_LOAD_KG,
  missingPictures,
  submitApplication,
  viewApplication,
} from '../../features/drivers/index.ts'
import type { DriverId, Refusal } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { ClassicContext } from '../context.ts'
import { parseVehicle, vehicleWord } from '../spelling.ts'
import { principalOf, requireRole } from './access.ts'
import { errorAnswers, messageAnswer, signedIn, tagged } from './answers.ts'
import { number, onlyForms, parseBody, text, TEXTS } from './bodies.ts'
import { ClassicError, InvalidBody, inWordsOf } from './errors.ts'
import { personalDetails, personFields, phoneField } from './person-fields.ts'
import { carPicturesField, FIELD_OF, pictureField, pictureRefused, TWO_CAR_IMAGES } from './picture-fields.ts'

const pictureFields = () => ({
  profile_pic: pictureField('profile_pic'),
  license_image: pictureField('license_image'),
  car_images: carPicturesField(),
})

const applicationBody = (platform: Platform) =>
  z.object({
    ...personFields(),
    phone_number: phoneField(platform),
    ...pictureFields(),
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
  profile_pic: textOrNull,
  car_images: z.array(z.string()).describe('Two, or none before the first time'),
  vehicle_registration: textOrNull,
  vehicle_type: textOrNull,
  vehicle_load_capacity: z.number().nullable().describe('Tons'),
  is_verified_by_admin: z.boolean(),
})

/** The driver's application (KYC): who he is, his vehicle, and pictures of both. */
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
    response: { 200: messageAnswer, ...errorAnswers(400, 401, 404, 415, 503) },
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
      {
        schema: submitting,
        config: { takesPictures: true, limits: ['pictures'] },
        onRequest: [...onRequest, onlyForms],
        preValidation: (request) => requirePictures(platform, body, request),
      },
      async (request) => {
        const fields = request.body as z.output<typeof body>
        await inWordsOf(WORDS, () =>
          submitApplication(platform, driverOf(request), fromWire(fields), picturesIn(fields)),
        )
        return { message: 'Driver KYC updated successfully.' }
      },
    )
    app.get(url, { schema: viewing, onRequest }, (request) => answerApplication(platform, driverOf(request)))
  }
}

const driverOf = (request: FastifyRequest) => principalOf(request).accountId as DriverId

/** Pictures may be there from before, which no schema knows; those missing are told with all other faults at once. */
async function requirePictures(
  platform: Platform,
  body: ReturnType<typeof applicationBody>,
  request: FastifyRequest,
): Promise<void> {
  const present = await viewApplication(platform, driverOf(request))
  const given = z.object(pictureFields()).safeParse(request.body)
  // What is given but wrong is not missing.
  if (!present || !given.success) return
  const missing = missingPictures(picturesIn(given.data), present)
  if (missing.length > 0) throw new InvalidBody({ ...faultsOf(body, request.body), ...missingTexts(missing) })
}

const missingTexts = (missing: readonly string[]): Record<string, string[]> =>
  Object.fromEntries(
    missing.map((word) => [FIELD_OF[word] ?? word, [word === 'car' ? TWO_CAR_IMAGES : TEXTS.required]]),
  )

function faultsOf(schema: z.ZodType, data: unknown): InvalidBody['fields'] {
  try {
    parseBody(schema, data)
    return {}
  } catch (error) {
    if (error instanceof InvalidBody) return error.fields
    throw error
  }
}

const picturesIn = (body: z.output<z.ZodObject<ReturnType<typeof pictureFields>>>) => ({
  profile: body.profile_pic,
  licence: body.license_image,
  car: body.car_images,
})

function fromWire(body: z.output<ReturnType<typeof applicationBody>>) {
  return {
    ...personalDetails(body),
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
    profile_pic: platform.pictureUrls.pictureUrl(application.profilePicture),
    car_images: application.carPictures.map((name) => platform.pictureUrls.pictureUrl(name)),
    vehicle_registration: application.vehicleRegistration,
    vehicle_type: application.vehicleClass && vehicleWord(application.vehicleClass),
    vehicle_load_capacity: application.loadCapacityKg === null ? null : application.loadCapacityKg / 1000,
    is_verified_by_admin: application.isApproved,
  }
}

const WORDS = {
  'picture-refused': pictureRefused,
  'pictures-missing': ({ details }: Refusal) => new InvalidBody(missingTexts(details['missing'] as string[])),
  'phone-taken': () => new InvalidBody({ phone_number: ['Phone number is already registered.'] }),
  'registration-taken': () =>
    new InvalidBody({ vehicle_registration: ['Vehicle registration already exists.'] }),
}
