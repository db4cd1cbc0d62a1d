import type { ErrorCode } from '@toota/contract'
import { sql } from 'kysely'
import { Refusal, type OfferId, type TripId } from '../../src/kernel/index.ts'
import type { Database } from '../../src/platform/database/index.ts'

export type Action = 'accept' | 'reject' | 'cancel' | 'confirm'

/** What one participant asked for and was answered. */
export type Answer = {
  readonly action: Action
  /** The offer for accept and reject, the trip for cancel and confirm. */
  readonly id: OfferId | TripId
  readonly outcome: 'ok' | ErrorCode
  readonly began: number
  readonly ended: number
}

/** The participants' own record of who asked for what and what they were answered. */
export type History = {
  readonly answers: Answer[]
  /** Anything but a refusal: timeouts, unexpected errors of the database, defects. */
  readonly faults: unknown[]
  /** Asks, records the answer, and tells whether it was a yes. */
  attempt(action: Action, id: OfferId | TripId, ask: () => Promise<unknown>): Promise<boolean>
}

export function createHistory(): History {
  const answers: Answer[] = []
  const faults: unknown[] = []
  return {
    answers,
    faults,
    async attempt(action, id, ask) {
      const began = performance.now()
      const answer = (outcome: Answer['outcome']) =>
        answers.push({ action, id, outcome, began, ended: performance.now() })
      try {
        await ask()
        answer('ok')
        return true
      } catch (error) {
        if (error instanceof Refusal) answer(error.code)
        else faults.push(error)
        return false
      }
    },
  }
}

/**
 * Compares what was acknowledged with what is stored, both ways: each yes is in the database, no offer has two of
 * them, and no offer ended by an answer that nobody was given. One line per contradiction.
 */
export async function findContradictions(db: Database, { answers }: History): Promise<string[]> {
  const { rows: offers } = await sql<{ id: string; state: string; tripId: string; status: string }>`
    select o.id, o.state, o.trip_id as "tripId", t.status from offer as o join trip as t on t.id = o.trip_id`.execute(
    db.single,
  )
  const { rows: trips } = await sql<{ id: string; status: string }>`select id, status from trip`.execute(
    db.single,
  )
  const statuses = new Map(trips.map((trip) => [trip.id, trip.status]))
  const offered = new Set(offers.map((offer) => offer.tripId))
  const yes = answers.filter((answer) => answer.outcome === 'ok')
  const count = (action: Action) => {
    const counts = new Map<string, number>()
    for (const answer of yes)
      if (answer.action === action) counts.set(answer.id, (counts.get(answer.id) ?? 0) + 1)
    return counts
  }
  const accepts = count('accept')
  const rejects = count('reject')

  const contradictions: string[] = []
  for (const { id, state } of offers) {
    const said = `${accepts.get(id) ?? 0} accepts, ${rejects.get(id) ?? 0} rejects`
    const stored = `${state === 'accepted' ? 1 : 0} accepts, ${state === 'rejected' ? 1 : 0} rejects`
    if (said !== stored) contradictions.push(`offer ${id} is ${state}, but acknowledged were ${said}`)
  }
  for (const id of count('cancel').keys()) {
    if (statuses.get(id) !== 'cancelled') {
      contradictions.push(`trip ${id} was cancelled and is ${statuses.get(id) ?? 'gone'}`)
    }
  }
  for (const id of count('confirm').keys()) {
    if (!offered.has(id)) contradictions.push(`trip ${id} was offered, but no offer is stored`)
  }
  return contradictions
}
