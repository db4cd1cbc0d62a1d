import { startChild, type Child } from './child-process.ts'

export type AppOptions = {
  /** The database's. */
  readonly url: string
  /** So many drivers and customers, signed in. */
  readonly pairs: number
  /** There is one customer, with a trip under way with each of the drivers. */
  readonly withTrips?: boolean
  /** Answers `statements` with those it has sent since it was last asked. */
  readonly notesStatements?: boolean
  readonly testGatewayUrl?: string
  /** Settings over those that all benchmarks share. */
  readonly environment?: Readonly<Record<string, string>>
}

export const startApp = (options: AppOptions, nodeArgs?: readonly string[]): Promise<Child> =>
  startChild('app.child.ts', [JSON.stringify(options)], nodeArgs)
