import type { operations, paths } from '../api-types.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** An offer lives half a minute; somebody who waits before a screen does not wait longer either. */
const SOON_MS = 30_000

/**
 * What can be commanded over the socket or, with the same id, by HTTP. `withinMs`: how long after it was said it may still be sent
 * for the first time. `isKept`: it outlives the program.
 */
export const COMMANDS = {
  acceptOffer: { path: '/v1/offers/{offerId}/acceptance', withinMs: SOON_MS, isKept: false },
  rejectOffer: { path: '/v1/offers/{offerId}/rejection', withinMs: SOON_MS, isKept: false },
  // Facts: they stay true, and the server knows by itself which come too late.
  reportStatus: { path: '/v1/trips/{tripId}/status', withinMs: DAY_MS, isKept: true },
  receiveCash: { path: '/v1/trips/{tripId}/cash-receipt', withinMs: 7 * DAY_MS, isKept: true },
  confirmCash: { path: '/v1/trips/{tripId}/cash-confirmation', withinMs: 7 * DAY_MS, isKept: true },
  // Later the other side has driven for long, and it is better asked again.
  cancelTrip: { path: '/v1/trips/{tripId}/cancellation', withinMs: HOUR_MS, isKept: true },
  requestTrip: { path: '/v1/trips', withinMs: SOON_MS, isKept: false },
  offerTrip: { path: '/v1/trips/{tripId}/offers', withinMs: SOON_MS, isKept: false },
  payTrip: { path: '/v1/trips/{tripId}/payment', withinMs: SOON_MS, isKept: false },
} as const satisfies Record<string, { path: keyof paths; withinMs: number; isKept: boolean }>

export type CommandName = keyof typeof COMMANDS

type BodyOf<Operation> = Operation extends {
  requestBody: { content: { 'application/json': infer Body } }
}
  ? { readonly body: NonNullable<Body> }
  : { readonly body?: never }
type ParamsOf<Operation> = Operation extends { parameters: { path: infer Params extends object } }
  ? { readonly params: Params }
  : { readonly params?: never }

/** What a command is given: the parameters in the path of its route, and its body. */
export type CommandArgs<Op extends CommandName> = ParamsOf<operations[Op]> & BodyOf<operations[Op]>

type JsonOf<Answers> = {
  [Status in keyof Answers]: Status extends 200 | 201
    ? Answers[Status] extends { content: { 'application/json': infer Data } }
      ? Data
      : never
    : never
}[keyof Answers]

/** What its route answers. */
export type CommandData<Op extends CommandName> = operations[Op] extends { responses: infer Answers }
  ? JsonOf<Answers>
  : never
