import type { Point } from './geo.ts'

/** What a phone says it measured; most of it only if it cares to say. */
export type Reading = Point & {
  /** One run of the phone's tracker, which numbers its readings upwards by `n`. */
  readonly session?: string | undefined
  readonly n?: number | undefined
  /** When, by the phone's clock; milliseconds since 1970. */
  readonly deviceAt?: number | undefined
  readonly accuracyMeters?: number | undefined
  readonly headingDegrees?: number | undefined
  readonly speedMps?: number | undefined
}

/** A reading as the server keeps it. `at`: when it came, by the server's clock, in milliseconds since 1970. */
export type Fix = Reading & { readonly at: number }
