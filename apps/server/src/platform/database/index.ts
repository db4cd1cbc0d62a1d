export { errorCode, onCommit, openDatabase, violatedConstraint } from './database.ts'
export type { Database, DatabaseOptions, Tx } from './database.ts'
export type { Schema } from './schema.ts'
export { migrate, MigrationError, pendingMigrations } from './migrate.ts'
