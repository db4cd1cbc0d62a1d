import { compareBooks, type Books, type Comparison } from './books.ts'
import type { Recovery } from './job.ts'
import type { Killed, Lane, Matter } from './lane.ts'
import type { Lesson, Point } from './points.ts'

/** How a flow goes when nobody is killed. */
export async function learn(lane: Lane, matter: Matter): Promise<Lesson> {
  return { matter, ...(await lane.runThrough(matter)) }
}

/** So many orders are there of what follows a kill. */
const ORDERS = 16

const recoveryOf = (n: number): Recovery => ({
  clientFirst: n % 2 === 0,
  webhooks: Math.floor(n / 2) % 2 === 0,
  atOnce: Math.floor(n / 4) % 2 === 0,
  isLate: Math.floor(n / 8) % 2 === 1,
})

export type Finding = { readonly where: string } & Comparison

export type Tally = {
  readonly points: number
  readonly kills: number
  readonly doubles: number
  readonly lost: number
  readonly findings: readonly Finding[]
}

/** `each`: every point once, and one order after the other; `orders`: every point in all orders; `sample`: every fifth. */
export type Thoroughness = 'each' | 'orders' | 'sample'

/** Kills at each point, on all lanes at once, and compares what is so afterwards with what is so without a kill. */
export async function killAt(
  lanes: readonly Lane[],
  { matter, books }: Pick<Lesson, 'matter' | 'books'>,
  points: readonly Point[],
  thoroughness: Thoroughness = 'each',
): Promise<Tally> {
  const runs = runsOf(points, matter, thoroughness)
  const findings: Finding[] = []
  let [next, kills] = [0, 0]
  const work = async (lane: Lane): Promise<void> => {
    for (let run = runs[next++]; run; run = runs[next++]) {
      const where = `${matter.flow} ${matter.market}: ${run.point.where} ${JSON.stringify(run.order)}`
      const killed = await killOnce(lane, matter, run).catch((error: unknown) => {
        throw new Error(where, { cause: error })
      })
      kills += killed.kills
      const finding = { where, ...judge(books, killed) }
      if (finding.differences.length > 0) findings.push(finding)
    }
  }
  await Promise.all(lanes.map(work))
  const sum = (of: 'doubles' | 'lost'): number => findings.reduce((total, each) => total + each[of], 0)
  return { points: runs.length, kills, doubles: sum('doubles'), lost: sum('lost'), findings }
}

type Run = { readonly point: Point; readonly order: Recovery }

function runsOf(points: readonly Point[], { isSlow }: Matter, thoroughness: Thoroughness): Run[] {
  // Who cannot be asked must be heard; and days later no two look at the same thing at once.
  const orderOf = (n: number): Recovery => ({
    ...recoveryOf(n),
    ...(isSlow && { webhooks: true, atOnce: false }),
  })
  if (thoroughness === 'orders')
    return points.flatMap((point) => Array.from({ length: ORDERS }, (_, n) => ({ point, order: orderOf(n) })))
  const every = thoroughness === 'sample' ? 5 : 1
  return points.map((point, n) => ({ point, order: orderOf(n) })).filter((_, n) => n % every === 0)
}

async function killOnce(lane: Lane, matter: Matter, { point, order }: Run): Promise<Killed> {
  const [first, ...more] = point.stops
  if (first?.at === 'statement' && first.signal === 'SIGSTOP') return lane.runFrozen(matter, first, order)
  const killed = await lane.runKilled(matter, point.stops, order)
  if (first && more.length === 0 && killed.kills === 0) throw new Error('it never came to this')
  return killed
}

function judge(right: Books, { books, isQuiet, faults }: Killed): Comparison {
  const { differences, ...counts } = compareBooks(right, books)
  return {
    ...counts,
    differences: [
      ...differences,
      ...(isQuiet ? [] : ['it never came to rest']),
      ...faults.map((fault) => `fault: ${fault}`),
    ],
  }
}
