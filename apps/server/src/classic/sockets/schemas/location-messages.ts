import { z } from 'zod'
import { coordinates, driverDetails, id, type Messages } from './parts.ts'

const position = z.strictObject({ ...coordinates, driver_id: id, driver_details: driverDetails })

export const driverLocationMessages = {
  about: 'A driver’s phone says where it is; the driver and his followers hear it.',
  takes: { fix: z.object(coordinates).describe('Where the phone is, in degrees (WGS 84)') },
  sends: {
    position: position.describe('The own fix as it was taken, with who the driver is'),
  },
} satisfies Messages

export const followDriverMessages = {
  about: 'A customer watches a driver whom a search may show, or who drives his own trip.',
  takes: {},
  sends: {
    position: position.describe(
      'The last known position at once, then each new one. E-mail and phone are null; nothing comes while the driver is busy with a trip of somebody else.',
    ),
  },
} satisfies Messages
