import { z } from 'zod'
import { LiveEvent } from './live-events.ts'
import { LiveState, RESET_REASONS } from './live-server-frames.ts'

export const SyncQuery = z
  .strictObject({
    epoch: z.string().min(1).max(64).optional(),
    seq: z.coerce.number().int().min(0).optional().describe('The last event that was applied'),
    waitSeconds: z.coerce
      .number()
      .int()
      .min(0)
      .max(25)
      .default(0)
      .describe('How long to wait for an event when there is none yet'),
  })
  .refine(({ epoch, seq }) => (epoch === undefined) === (seq === undefined), {
    path: ['epoch'],
    message: 'epoch and seq come together or not at all',
  })

const Place = { epoch: z.string(), seq: z.int().describe('Where the client is after this answer') }

export const Sync = z
  .discriminatedUnion('recovered', [
    z.object({ recovered: z.literal(true), ...Place, events: z.array(LiveEvent) }),
    z.object({
      recovered: z.literal(false),
      ...Place,
      reset: z.enum(RESET_REASONS).describe('Why the events cannot be told one by one'),
      snapshot: LiveState,
    }),
  ])
  .meta({ id: 'Sync' })
