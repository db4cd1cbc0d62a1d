import { z } from 'zod'
import { Id, Instant, Latitude, Longitude, PictureName, Position, text, VehicleClassName } from './common.ts'

/** Where each picture goes. A licence is shown to nobody but its owner and staff. */
export const PICTURE_PLACES = ['profile', 'licence', 'car-front', 'car-back'] as const
export const PicturePlace = z.enum(PICTURE_PLACES)

export const UploadedPicture = z.object({ picture: PictureName }).meta({ id: 'UploadedPicture' })

/** Who a driver is and what he drives. Pictures are uploaded before it; those of an earlier application stay. */
export const ApplicationForm = z
  .strictObject({
    firstName: text(1, 50).optional(),
    lastName: text(1, 50).optional(),
    physicalAddress: text(1, 500).optional(),
    phone: text(1, 30),
    vehicleClass: VehicleClassName,
    vehicleRegistration: text(1, 50),
    loadCapacityKg: z.int().min(500).max(10_000),
    pictures: z
      .strictObject({
        profile: PictureName.optional(),
        licence: PictureName.optional(),
        carFront: PictureName.optional(),
        carBack: PictureName.optional(),
      })
      .default({}),
  })
  .meta({ id: 'ApplicationForm' })

export const Application = z
  .object({
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    physicalAddress: z.string().nullable(),
    phone: z.string().nullable(),
    vehicleClass: VehicleClassName.nullable(),
    vehicleRegistration: z.string().nullable(),
    loadCapacityKg: z.int().nullable(),
    isApproved: z.boolean(),
    picture: z.string().nullable().describe('URL'),
    carPictures: z.array(z.string()).describe('URLs: front and back'),
  })
  .meta({ id: 'Application' })

export const Documents = z
  .object({
    licence: z.string().nullable().describe('URL that works for five minutes'),
  })
  .meta({ id: 'Documents' })

export const DriverSearch = z.strictObject({
  latitude: z.coerce.number().pipe(Latitude),
  longitude: z.coerce.number().pipe(Longitude),
  vehicleClass: z.union([VehicleClassName, z.array(VehicleClassName).max(10)]).optional(),
})

/** A driver before he has accepted anything: where he roughly is, and nothing to reach him by. */
export const NearbyDriver = z
  .object({
    id: Id,
    name: z.string(),
    vehicleClass: VehicleClassName.nullable(),
    rating: z.number().describe('0 to 5; 0 while unrated'),
    tripsCompleted: z.int(),
    picture: z.string().nullable(),
    carPicture: z.string().nullable(),
    area: z
      .object({ latitude: Latitude, longitude: Longitude })
      .describe('The middle of a cell of about a kilometre, not his position'),
    distanceMeters: z.int().describe('Great circle to the middle of that cell, rounded to 100 m'),
  })
  .meta({ id: 'NearbyDriver' })
export const NearbyDrivers = z.object({ drivers: z.array(NearbyDriver) }).meta({ id: 'NearbyDrivers' })

export const DriverPosition = z
  .object({ driverId: Id, position: Position.nullable(), isOnline: z.boolean(), askedAt: Instant })
  .meta({ id: 'DriverPosition' })
