import type { Currency, Market, VehicleClass } from '@toota/contract'

/** What a vehicle class costs in a market. Never changed, only followed by a newer version. */
export type Tariff = {
  readonly id: number
  readonly market: Market
  readonly vehicleClass: VehicleClass
  readonly version: number
  readonly currency: Currency
  readonly baseMinor: number
  readonly perKilometerMinor: number
  readonly perMinuteMinor: number
  /** 150 makes the whole fare half as much again. */
  readonly peakPercent: number
  /** Local time, minutes after midnight; the peak lasts from the first until just before the second. */
  readonly peakFromMinute: number
  readonly peakToMinute: number
}
