import { ConfigError } from './config.ts'
import { errorCode, MigrationError } from './platform/database/index.ts'
import { EmbeddedDatabaseError } from './platform/embedded-database/index.ts'

/** Ends the process. What the operator can mend is said in a line each; anything else is a defect and shows where. */
export function failWith(error: unknown): never {
  const isForOperator =
    error instanceof ConfigError ||
    error instanceof EmbeddedDatabaseError ||
    error instanceof MigrationError ||
    OPERATORS_CODES.has(errorCode(error) ?? '')
  const text = error instanceof Error ? (isForOperator ? textOf(error) : error.stack) : String(error)
  process.stderr.write(`Toota cannot run:\n${text ?? ''}\n`)
  process.exit(1)
}

// A port that is taken or forbidden; a database that is away, refuses the password or does not exist.
const OPERATORS_CODES = new Set([
  'EADDRINUSE',
  'EACCES',
  'ECONNREFUSED',
  'ENOTFOUND',
  'ETIMEDOUT',
  '28P01',
  '28000',
  '3D000',
])

/** Connection errors over several addresses have no message of their own. */
const textOf = (error: Error): string => error.message || (errorCode(error) ?? error.name)
