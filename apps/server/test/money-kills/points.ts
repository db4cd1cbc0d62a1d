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
  { stops: [], where: 'after all' },
  ...callPoints(lesson, which),
]

function statementPoints({ trace }: Lesson, which: Which): Point[] {
  return trace.statements.flatMap(({ step, text }, index): Point[] => {
    const stop = { at: 'statement', nth: index + 1, signal: 'SIGKILL' } as const
    return which(step) ? [{ stops: [stop], where: `${step}, before ${shown(stop.nth, text)}` }] : []
  })
}

/** Every call, before the gateway has done anything and when it has. */
export const callPoints = ({ trace }: Lesson, which: Which = ANY): Point[] =>
  trace.calls.flatMap(({ step, name }, index) =>
    (['before', 'after'] as const).flatMap((when): Point[] => {
      const stop = { at: 'call', nth: index + 1, when } as const
      return which(step) ? [{ stops: [stop], where: `${step}, ${when} the work of ${name}` }] : []
    }),
  )

/** Every gap in which the process holds no lock, so that others can go on while it is asleep. */
export function sleepPoints({ trace }: Lesson, which: Which = ANY): Point[] {
  const points: Point[] = []
  let isInside = false
  for (const [index, { step, text }] of trace.statements.entries()) {
    const stop = { at: 'statement', nth: index + 1, signal: 'SIGSTOP' } as const
    if (!isInside && which(step))
      points.push({ stops: [stop], where: `${step}, asleep before ${shown(stop.nth, text)}` })
    if (text.startsWith('begin')) isInside = true
    if (text.startsWith('commit')) isInside = false
  }
  return points
}

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

const shown = (nth: number, text: string): string =>
  `statement ${nth}: ${text.replace(/\s+/g, ' ').trim().slice(0, 70)}`
