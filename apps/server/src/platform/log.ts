import { traceFields } from './tracing.ts'
import { pino, type Logger as PinoLogger } from 'pino'

export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>

/** One JSON line per entry on stdout. Callers log ids and counts, never names, addresses, codes or tokens. */
export function createLogger(level: string): PinoLogger {
  return pino({
    level,
    base: null,
    mixin: traceFields,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: errorEntry },
  })
}

/** PostgreSQL's errors repeat the row in `detail` and `where`, and SMTP's the recipient: only these fields are told. */
export function errorEntry(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) }
  const code = 'code' in error ? { code: error.code } : {}
  const cause = error.cause === undefined ? {} : { cause: errorEntry(error.cause) }
  return { type: error.name, message: error.message, ...code, stack: error.stack, ...cause }
}
