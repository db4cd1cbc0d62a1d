import { formatRand } from './money.ts'

export type TripRecord = {
  readonly number: number
  outcome: 'running' | 'completed' | 'cancelled' | 'stuck'
  /** What the customer was quoted, in cents. */
  fareMinor: number
  /** What the driver put in his pocket, in cents. */
  cashMinor: number
  offersRejected: number
  offersExpired: number
  /** From the customer's tap on a driver to the news that he takes it; undefined where nobody took it. */
  acceptedAfterMs: number | undefined
  /** Of that, from the driver's tap to the customer's news: the server's share. */
  toldAfterMs: number | undefined
  /** Where it stands, for the reader of a stuck trip. */
  lastStep: string
}

export type Summary = {
  readonly trips: number
  readonly completed: number
  readonly cancelled: number
  readonly stuck: number
  readonly offersRejected: number
  readonly offersExpired: number
  readonly medianAcceptMs: number | null
  readonly medianToldMs: number | null
  readonly cashMinor: number
  readonly fareMinor: number
  readonly durationSeconds: number
}

export const NOT_BEGUN = 'not begun'

export const newRecord = (number: number): TripRecord => ({
  number,
  outcome: 'running',
  fareMinor: 0,
  cashMinor: 0,
  offersRejected: 0,
  offersExpired: 0,
  acceptedAfterMs: undefined,
  toldAfterMs: undefined,
  lastStep: NOT_BEGUN,
})

export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2
}

/** A trip that has not ended counts as stuck: nobody gets a second chance after the end of the run. */
export function summarize(records: readonly TripRecord[], durationSeconds: number): Summary {
  const completed = records.filter((record) => record.outcome === 'completed')
  const cancelled = records.filter((record) => record.outcome === 'cancelled')
  const sum = (of: readonly TripRecord[], read: (record: TripRecord) => number): number =>
    of.reduce((total, record) => total + read(record), 0)
  const known = (values: readonly (number | undefined)[]): number[] =>
    values.filter((value) => value !== undefined)
  return {
    trips: records.length,
    completed: completed.length,
    cancelled: cancelled.length,
    stuck: records.length - completed.length - cancelled.length,
    offersRejected: sum(records, (record) => record.offersRejected),
    offersExpired: sum(records, (record) => record.offersExpired),
    medianAcceptMs: median(known(records.map((record) => record.acceptedAfterMs))),
    medianToldMs: median(known(records.map((record) => record.toldAfterMs))),
    cashMinor: sum(completed, (record) => record.cashMinor),
    fareMinor: sum(completed, (record) => record.fareMinor),
    durationSeconds,
  }
}

/** Nothing stuck, and every cent of the completed trips' fares collected. */
export const isGood = (summary: Summary): boolean =>
  summary.stuck === 0 && summary.cashMinor === summary.fareMinor

export function summaryLines(summary: Summary): string[] {
  const ms = (value: number | null): string => (value === null ? 'none' : `${Math.round(value)} ms`)
  const agree = summary.cashMinor === summary.fareMinor
  return [
    `trips            ${summary.trips} in ${Math.round(summary.durationSeconds)} s`,
    `completed        ${summary.completed}`,
    `cancelled        ${summary.cancelled}`,
    `offers rejected  ${summary.offersRejected}`,
    `offers expired   ${summary.offersExpired}`,
    `stuck            ${summary.stuck}`,
    `time to accept   ${ms(summary.medianAcceptMs)} median, of which ${ms(summary.medianToldMs)} from the driver's tap to the customer's screen`,
    `cash collected   ${formatRand(summary.cashMinor)}`,
    `fares completed  ${formatRand(summary.fareMinor)}${agree ? ' (the same, to the cent)' : ' (NOT THE SAME)'}`,
  ]
}
