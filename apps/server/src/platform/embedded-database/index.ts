export { attachEmbeddedDatabase, startEmbeddedDatabase } from './embedded-database.ts'
export type { EmbeddedDatabase } from './embedded-database.ts'
export { EmbeddedDatabaseError } from './embedded-database-error.ts'
