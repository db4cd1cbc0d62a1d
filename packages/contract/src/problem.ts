import { z } from 'zod'
import { ERRORS, type ErrorCode } from './errors.ts'

const CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]

/** What every refused request of `/v1` answers, as `application/problem+json` (RFC 9457). */
export const Problem = z
  .object({
    type: z.string().describe('A reference that names the kind of problem; ends in its code'),
    title: z.string().describe('A sentence for people'),
    status: z.int(),
    code: z.enum(CODES),
    retryable: z.boolean().describe('Whether the same request may succeed later'),
    requestId: z.string().describe("To be named in a report; it stands in the server's log"),
    errors: z
      .array(z.object({ path: z.string().describe('JSON pointer into the request'), message: z.string() }))
      .optional()
      .describe('Every field at fault, for invalid-request'),
    details: z.record(z.string(), z.unknown()).optional().describe('Facts that belong to the code'),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>
