export { countCompletedTrip, findDriverCards, type DriverCard } from './driver-store.ts'
