export { isOutage, logFault, RETRY_AFTER_SECONDS, statusOf } from './faults.ts'
export type { Health } from './health.ts'
export { createHttpServer } from './server.ts'
export type { HttpServerOptions } from './server.ts'
