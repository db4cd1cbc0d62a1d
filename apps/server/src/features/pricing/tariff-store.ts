import type { Market, VehicleClass } from '@toota/contract'
import type { Tx } from '../../platform/database/index.ts'
import type { Tariff } from './model/tariff.ts'

/** The newest tariff. Every market has one for each class from the first migration on. */
export async function getCurrentTariff(tx: Tx, market: Market, vehicleClass: VehicleClass): Promise<Tariff> {
  const row = await tx
    .selectFrom('tariff')
    .selectAll()
    .where('market', '=', market)
    .where('vehicle_class', '=', vehicleClass)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  return {
    id: row.id,
    market: row.market,
    vehicleClass: row.vehicle_class,
    version: row.version,
    currency: row.currency,
    baseMinor: row.base_minor,
    perKilometerMinor: row.per_km_minor,
    perMinuteMinor: row.per_minute_minor,
    peakPercent: row.peak_percent,
    peakFromMinute: minuteOfDay(row.peak_from),
    peakToMinute: minuteOfDay(row.peak_to),
  }
}

/** `HH:MM:SS`; seconds are not used in tariffs. */
function minuteOfDay(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}
