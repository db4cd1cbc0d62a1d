import type { GatewayName } from '@toota/contract'
import { sql } from 'kysely'
import { isDeepStrictEqual } from 'node:util'
import { auditLedger, post } from '../../src/features/ledger/index.ts'
import { newId } from '../../src/kernel/index.ts'
import { contradictionsOf, outcomeOf, readOutcomes } from './outcome.ts'
import { createPlayer, referencesOf, type Run } from './play.ts'
import {
  createStage,
  makeDue,
  sweepPayments,
  sweepRefunds,
  workOff,
  type Stage,
  type StageOptions,
} from './stage.ts'
import { storylineOf, type Storyline } from './storylines.ts'

/** Histories at once; each has a twin. */
const BATCH = 10
/** Enough to give up on who never pays, and to ask for a person where a refund is not heard of. */
const LAST_SWEEPS = 7
/** Histories on one database. The gateway's clock runs ahead of ours by half a minute with each batch, and no day must pass. */
const STAGE_LIFE = 2_500

type Problem = { readonly seed: number; readonly what: string }

/** Webhooks, charges and refunds at the gateway, to see that something has happened. */
type Sums = { histories: number; webhooks: number; charges: number; refunds: number; statements: number }

type Tally = Readonly<Sums> & { readonly seconds: number; readonly problems: readonly Problem[] }

export type Order = StageOptions & {
  readonly gateway: GatewayName
  readonly seed: number
  readonly count: number
  /** Statements for the saboteurs' own database. */
  readonly schema?: readonly string[]
  /** Stops as soon as so many problems are found. */
  readonly enough?: number
}

/** Performs `count` histories from `seed` on, each with its poll-only twin, and tells what is not as it should be. */
export async function runHistories(order: Order): Promise<Tally> {
  const { seed, count, enough = 5 } = order
  const began = performance.now()
  const problems: Problem[] = []
  const sums: Sums = { histories: 0, webhooks: 0, charges: 0, refunds: 0, statements: 0 }
  while (sums.histories < count && problems.length < enough) {
    const first = seed + sums.histories
    const size = Math.min(STAGE_LIFE, count - sums.histories)
    problems.push(...(await performOn({ ...order, seed: first, count: size, enough }, sums)))
  }
  return { ...sums, seconds: (performance.now() - began) / 1000, problems }
}

/** The histories of one stage, and its books when they are over. */
async function performOn(
  { gateway, seed, count, schema = [], enough, ...options }: Order & { readonly enough: number },
  sums: Sums,
): Promise<Problem[]> {
  const stage = await createStage(gateway, options)
  const problems: Problem[] = []
  try {
    for (const statement of schema) await sql.raw(statement).execute(stage.db.single)
    for (let done = 0; done < count && problems.length < enough; done += BATCH) {
      const size = Math.min(BATCH, count - done)
      const stories = Array.from({ length: size }, (_, n) => storylineOf(seed + done + n, gateway))
      problems.push(...(await performBatch(stage, stories, sums)))
      sums.histories += size
    }
    problems.push(...(await lookAtBooks(stage, seed)))
    sums.statements += stage.db.statementCount()
  } finally {
    await stage.close()
  }
  return problems
}

async function performBatch(stage: Stage, stories: readonly Storyline[], sums: Sums): Promise<Problem[]> {
  const runs = await castRuns(stage, stories)
  const player = createPlayer(stage, () => runs.flatMap(({ attempts }) => attempts))
  await Promise.all(runs.map((run) => player.perform(run)))
  await quiet(stage, runs, player)

  const rows = await readOutcomes(
    stage,
    runs.map(({ tripId }) => tripId),
  )
  const problems: Problem[] = []
  const say = (run: Run, what: string) =>
    problems.push({ seed: run.story.seed, what: `${run.isPollOnly ? 'poll-only: ' : ''}${what}` })
  for (const run of runs) {
    for (const fault of run.faults) say(run, fault)
    for (const found of contradictionsOf(stage, run, rows.get(run.tripId)!)) say(run, found)
  }
  for (const [index, run] of runs.entries()) {
    const twin = runs[index + stories.length]
    if (!twin) break
    const [told, polled] = [run, twin].map(({ tripId }) => outcomeOf(rows.get(tripId)!))
    if (!isDeepStrictEqual(told, polled))
      say(run, `ended as ${JSON.stringify(told)}, poll-only as ${JSON.stringify(polled)}`)
  }
  count(stage, runs, sums)
  // Lists of refunds would grow with every batch.
  stage.control.reset()
  return problems
}

/** Each storyline twice: first all those that are told of, then their twins. */
async function castRuns(stage: Stage, stories: readonly Storyline[]): Promise<Run[]> {
  const cast = [...stories, ...stories]
  const trips = await stage.addTrips(cast.map(({ fareMinor }) => fareMinor))
  const runs = cast.map((story, index): Run => ({
    ...trips[index]!,
    story,
    isPollOnly: index >= stories.length,
    attempts: [],
    faults: [],
  }))
  await stage.db.transaction(async (tx) => {
    for (const { customerId, story } of runs)
      await post(tx, {
        kind: 'goodwill',
        key: newId(),
        currency: stage.currency,
        entries: [
          { account: { kind: 'commission', owner: stage.market }, amountMinor: -story.creditMinor },
          { account: { kind: 'credit', owner: customerId }, amountMinor: story.creditMinor },
        ],
      })
  })
  return runs
}

/** Sweeps until nothing is due any more; those that are told of still hear old webhooks between. */
async function quiet(
  stage: Stage,
  runs: readonly Run[],
  player: ReturnType<typeof createPlayer>,
): Promise<void> {
  const { platform, db } = stage
  const trips = runs.map(({ tripId }) => tripId)
  for (let n = 0; n < LAST_SWEEPS; n++) {
    const late = runs.map((run) => player.deliverAll(run, run.isPollOnly ? [] : (run.story.late[n] ?? [])))
    await Promise.all(late)
    await makeDue.events(db)
    await workOff(platform)
    await makeDue.payments(db, trips)
    await Promise.all([sweepPayments(platform), sweepPayments(platform)])
    await makeDue.refunds(db, trips)
    await Promise.all([sweepRefunds(platform), sweepRefunds(platform)])
    await stage.pass(4)
  }
}

function count({ control }: Stage, runs: readonly Run[], sums: Sums): void {
  for (const reference of runs.flatMap(referencesOf)) {
    const { charges, refunds } = control.effectsOf(reference)
    sums.charges += charges.length
    sums.refunds += refunds.length
    sums.webhooks += control.webhooksOf(reference).length
  }
}

/** Σ of everything, by currency, and the audit of the books. */
async function lookAtBooks({ db, platform }: Stage, seed: number): Promise<Problem[]> {
  const { rows } = await sql<{ currency: string; sum: number }>`
    select a.currency, sum(e.amount_minor)::bigint as sum from ledger_entry as e
    join ledger_account as a on a.id = e.account_id group by a.currency having sum(e.amount_minor) <> 0`.execute(
    db.single,
  )
  const breaches = await auditLedger(platform)
  return [...rows, ...breaches].map((found) => ({ seed, what: JSON.stringify(found) }))
}
