import { z } from 'zod'

/** `{"message": "text"}`, what the original says when something went well. */
export const messageAnswer = z.object({ message: z.string() })

const errorBody = z
  .looseObject({
    message: z.string(),
    error: z.string().optional(),
    detail: z.string().optional(),
  })
  .describe('`error`, `detail` or one list of texts per field, and `message` for people')

/** The error answers of a route, for its documentation. */
export const errorAnswers = (...statuses: readonly number[]): Record<number, typeof errorBody> =>
  Object.fromEntries(statuses.map((status) => [status, errorBody]))

export const tagged = (tags: readonly string[], summary: string) => ({ tags: [...tags], summary })

/** What marks a route in the documentation as one for signed-in people. */
export const signedIn = { security: [{ bearer: [] }] }
