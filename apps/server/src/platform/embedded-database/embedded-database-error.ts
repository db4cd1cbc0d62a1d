/** Its message is one line for the operator. */
export class EmbeddedDatabaseError extends Error {
  override readonly name = 'EmbeddedDatabaseError'
}

export const USE_DATABASE_URL = 'set DATABASE_URL to use a PostgreSQL server of your own'
