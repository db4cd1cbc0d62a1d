export { approveDriver } from './approve-driver.ts'
export { countCompletedTrip, findDriverCards, findDriverId, type DriverCard } from './driver-store.ts'
export {
  MAX_LOAD_KG,
  MIN_LOAD_KG,
  missingPictures,
  type Application,
  type ApplicationPictures,
} from './model/application.ts'
export { submitApplication } from './submit-application.ts'
export { viewApplication } from './view-application.ts'
export { viewDocuments } from './view-documents.ts'
