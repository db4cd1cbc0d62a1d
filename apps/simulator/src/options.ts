import { parseArgs } from 'node:util'

export type Options = {
  readonly baseUrl: string
  readonly trips: number
  readonly seed: number
  readonly drivers: number
  readonly customers: number
  readonly limitMinutes: number
  readonly isJson: boolean
  readonly isHelp: boolean
}

export const USAGE = `npm run demo -- [options]

  --trips N        trips to play (10)
  --seed S         the same seed plays the same script (1)
  --drivers N      drivers on the road (20)
  --customers N    customers, one trip at a time each (5)
  --limit MINUTES  give up after this long (10)
  --own-server     start a server even when one is running
  --json           the summary as one line of JSON; the story goes to stderr

It plays against BASE_URL; without it against http://127.0.0.1:8000 if a server answers there, else against one that
it starts itself and stops at the end. The server must run with DEBUG=true.`

/** @throws Error with a sentence for people when an option is unknown or malformed */
export function readOptions(
  args: readonly string[],
  environment: Record<string, string | undefined>,
): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      trips: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      drivers: { type: 'string', default: '20' },
      customers: { type: 'string', default: '5' },
      limit: { type: 'string', default: '10' },
      // Only scripts/demo.mjs acts on it.
      'own-server': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  return {
    baseUrl: (environment['BASE_URL'] ?? 'http://127.0.0.1:8000').replace(/\/+$/, ''),
    trips: whole('trips', values.trips, 1, 100_000),
    seed: whole('seed', values.seed, 0, 4_294_967_295),
    drivers: whole('drivers', values.drivers, 1, 1_000),
    customers: whole('customers', values.customers, 1, 1_000),
    limitMinutes: whole('limit', values.limit, 1, 1_440),
    isJson: values.json,
    isHelp: values.help,
  }
}

function whole(name: string, text: string, low: number, high: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN
  if (!(value >= low && value <= high)) {
    throw new Error(`--${name} must be a whole number from ${low} to ${high}, not "${text}".`)
  }
  return value
}
