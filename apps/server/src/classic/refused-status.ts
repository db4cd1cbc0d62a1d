import type { TripStatus } from '@toota/contract'
import type { Refusal } from '../kernel/index.ts'
import { statusWord } from './statuses.ts'

/** The original's sentence for a refused status; REST and sockets say the same. */
export function refusedStatus({ code, details, message }: Refusal): string {
  if (code === 'not-found') return 'Trip not found'
  if (code !== 'illegal-transition') return message
  return `Cannot change status from ${statusWord(details['from'] as TripStatus)} to ${statusWord(details['to'] as TripStatus)}`
}
