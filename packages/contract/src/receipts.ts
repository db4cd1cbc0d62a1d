import { z } from 'zod'
import { Id, Instant, VehicleClassName } from './common.ts'
import { CURRENCIES, MARKETS, PAYMENT_METHODS } from './vocabulary.ts'

const ReceiptLine = z.object({
  kind: z.enum(['transport', 'service', 'tax']),
  label: z.string().describe('As it stands on the receipt: the tax by its name and rate'),
  amountMinor: z.int(),
})

export const Receipt = z
  .object({
    number: z.string().describe("The market's and its number there, without gaps: `ZA-000123`"),
    kind: z
      .enum(['tax-invoice', 'receipt'])
      .describe('A tax invoice where the operator is registered for tax'),
    tripId: Id,
    market: z.enum(MARKETS),
    issuedAt: Instant,
    completedAt: Instant,
    company: z.object({
      name: z.string(),
      address: z.string().nullable(),
      taxNumber: z.string().nullable(),
    }),
    customerName: z.string(),
    driverName: z.string(),
    vehicleRegistration: z.string().nullable(),
    vehicleClass: VehicleClassName,
    pickupAddress: z.string(),
    destinationAddress: z.string(),
    distanceMeters: z.int(),
    loadDescription: z.string(),
    currency: z.enum(CURRENCIES),
    lines: z.array(ReceiptLine).describe('They add up to the total'),
    totalMinor: z.int().describe('The fare'),
    payments: z
      .array(z.object({ by: z.enum([...PAYMENT_METHODS, 'credit']), amountMinor: z.int() }))
      .describe('They add up to the total, too'),
  })
  .meta({ id: 'Receipt', description: 'Of a completed trip; it never changes' })
