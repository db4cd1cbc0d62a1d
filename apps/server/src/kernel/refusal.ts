import { ERRORS, type ErrorCode } from '@toota/contract'

/**
 * Something the system understood and will not do. Thrown by models and stores, since each must roll its
 * transaction back; translated to a wire in one place per wire.
 */
export class Refusal extends Error {
  readonly code: ErrorCode
  /** Facts for the caller: the statuses of a refused transition, the fields of a malformed request. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, details: Readonly<Record<string, unknown>> = {}) {
    super(ERRORS[code].message)
    this.name = 'Refusal'
    this.code = code
    this.details = details
  }
}
