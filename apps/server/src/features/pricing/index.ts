export { formatDuration } from './model/duration.ts'
export { displayedKilometers } from './model/fare.ts'
export { priceTrip } from './price-trip.ts'
export { roughMarketAt } from './rough-market.ts'
