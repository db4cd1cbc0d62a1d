import type { Receipt as ReceiptBody } from '@toota/contract'
import type { z } from 'zod'
import type { Receipt } from './model/receipt.ts'

/** What `/v1` shows of a receipt. */
export const receiptBody = ({ facts, trip, ...receipt }: Receipt): z.input<typeof ReceiptBody> => ({
  number: receipt.number,
  kind: receipt.kind,
  tripId: receipt.tripId,
  market: receipt.market,
  issuedAt: receipt.issuedAt.toISOString(),
  completedAt: receipt.completedAt.toISOString(),
  company: facts.company,
  customerName: facts.customerName,
  driverName: facts.driverName,
  vehicleRegistration: facts.vehicleRegistration,
  vehicleClass: trip.vehicleClass,
  pickupAddress: trip.pickup.address,
  destinationAddress: trip.destination.address,
  distanceMeters: trip.distanceMeters,
  loadDescription: trip.loadDescription,
  currency: receipt.currency,
  lines: [...receipt.lines],
  totalMinor: receipt.totalMinor,
  payments: [...receipt.payments],
})
