import type { Books } from './books.ts'
import type { Matter } from './lane.ts'
import type { Stop, Trace } from './job.ts'

/** A flow as it goes when nobody is killed. */
export type Lesson = { readonly matter: Matter; readonly trace: Trace; readonly books: Books }

/** A place where a process is killed, or two, one after the other; without any it is after all, when nobody heard the answer. */
export type Point = { readonly stops: readonly Stop[]; readonly where: string }

type Which = (step: string) => boolean
const ANY: Which = () => true

/** Only in these steps; the others have been seen before. */
export const inSteps =
  (...names: readonly string[]): Which =>
  (step) =>
    names.includes(step)

/** Every gap between two things that a process sends or is sent, and the end. */
export const allPoints = (lesson: Lesson, which: Which = ANY): Point[] => [
  ...statementPoints(lesson, which),
  ...answerPoints(lesson, which),
  { stops: [], where: 'after all' },
  ...callPoints(lesson, which),
]

const statementPoints = (lesson: Lesson, which: Which): Point[] =>
  statementsOf(lesson, which).map(({ nth, where }) => ({
    stops: [{ at: 'statement', nth, signal: 'SIGKILL' }],
    where: `before ${where}`,
  }))

/** What is committed with it the database does when nobody is there any more; any other comes to nothing, as if not sent. */
const answerPoints = (lesson: Lesson, which: Which): Point[] =>
  statementsOf(lesson, which).flatMap(({ nth, isInside, isLast, where }): Point[] =>
    isLast || !isInside ? [{ stops: [{ at: 'answer', nth }], where: `before the answer to ${where}` }] : [],
  )

type Sent = {
  readonly nth: number
  readonly where: string
  /** Whether it is part of a transaction, and begins or commits it. */
  readonly isInside: boolean
  readonly isFirst: boolean
  readonly isLast: boolean
}

function statementsOf({ trace }: Lesson, which: Which): Sent[] {
  let isOpen = false
  return trace.statements
    .map(({ step, text }, index) => {
      const [isFirst, isLast] = [text.startsWith('begin'), text.startsWith('commit')]
      const isInside = isOpen || isFirst
      isOpen = isInside && !isLast
      const words = text.replace(/\s+/g, ' ').trim().slice(0, 70)
      const where = `statement ${index + 1} in ${step}: ${words}`
      return { step, nth: index + 1, where, isInside, isFirst, isLast }
    })
    .filter(({ step }) => which(step))
}

/** Every call, before the gateway has done anything and when it has. */
export const callPoints = ({ trace }: Lesson, which: Which = ANY): Point[] =>
  trace.calls.flatMap(({ step, name }, index) =>
    (['before', 'after'] as const).flatMap((when): Point[] => {
      const stop = { at: 'call', nth: index + 1, when } as const
      return which(step) ? [{ stops: [stop], where: `${when} the work of ${name} in ${step}` }] : []
    }),
  )

/** Every gap in which the process holds no lock, so that others can go on while it is asleep. */
export const sleepPoints = (lesson: Lesson, which: Which = ANY): Point[] =>
  statementsOf(lesson, which).flatMap(({ nth, isFirst, isInside, where }): Point[] => {
    const stop = { at: 'statement', nth, signal: 'SIGSTOP' } as const
    return isFirst || !isInside ? [{ stops: [stop], where: `asleep before ${where}` }] : []
  })

/** Some places, and for each another one in the recovery from it. A recovery that is over before is no second kill. */
export function doublePoints({ trace }: Lesson, count: number, random: () => number): Point[] {
  const upTo = (most: number): number => 1 + Math.floor(random() * most)
  return Array.from({ length: count }, (): Point => {
    const kill = { at: 'statement', signal: 'SIGKILL' } as const
    const [first, second] = [upTo(trace.statements.length), upTo(MOST_STATEMENTS)]
    return {
      stops: [
        { ...kill, nth: first },
        { ...kill, nth: second },
      ],
      where: `before statement ${first}, and again before statement ${second} of the recovery`,
    }
  })
}

/** Few recoveries send fewer. */
const MOST_STATEMENTS = 20
