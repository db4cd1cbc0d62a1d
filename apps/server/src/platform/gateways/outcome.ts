import type { Outcome } from './gateway.ts'

export const done = <T>(value: T): Outcome<T> => ({ outcome: 'done', value })
/** The gateway said no, or was not asked at all. */
export const refused = (reason: string): Outcome<never> => ({ outcome: 'refused', reason })
export const unknown = (reason: string): Outcome<never> => ({ outcome: 'unknown', reason })

/** A word of the gateway's own is not in our table: nothing is concluded from it. */
export const unknownWord = (word: string): Outcome<never> =>
  unknown(/^[\w -]{1,40}$/.test(word) ? `status ${word}` : 'status unreadable')
