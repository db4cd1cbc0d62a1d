type About = {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  readonly buckets?: readonly number[]
}

const QUICK = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]
const USUAL = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const SLOW = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const HUMAN = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300]
const LAG = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10]

/**
 * Every metric of ours, with the labels that tell its series apart. A label's values are words of the code (a state, a route's
 * pattern, a sweep's name), never an id, an address or what a client sent: each value is kept for as long as the process runs.
 */
export const METRICS = {
  toota_build_info: {
    type: 'gauge',
    help: '1; the version that runs, and its Node.',
    labels: ['version', 'node'],
  },

  toota_sockets: { type: 'gauge', help: 'Open WebSockets.', labels: ['kind'] },
  toota_frames_total: { type: 'counter', help: 'WebSocket messages.', labels: ['kind', 'direction'] },
  toota_sockets_cut_total: { type: 'counter', help: 'WebSockets that we ended.', labels: ['reason'] },
  toota_fixes_total: {
    type: 'counter',
    help: "Drivers' positions, taken or refused by reason.",
    labels: ['outcome'],
  },
  toota_trail_points_total: {
    type: 'counter',
    help: 'Points of trails: written, of no trip, or thinned out for want of memory.',
    labels: ['outcome'],
  },
  toota_trail_waiting: { type: 'gauge', help: 'Points of trails that wait to be written.', labels: [] },
  toota_followers: { type: 'gauge', help: "Listeners to drivers' positions.", labels: [] },

  toota_offers_total: { type: 'counter', help: 'Offers that came into this state.', labels: ['state'] },
  toota_offer_answer_seconds: {
    type: 'histogram',
    help: 'How long drivers took to answer an offer.',
    labels: ['answer'],
    buckets: HUMAN,
  },
  toota_trip_changes_total: {
    type: 'counter',
    help: 'Trips that came into this status.',
    labels: ['status'],
  },

  toota_stream_lag_seconds: {
    type: 'histogram',
    help: "From the writing of news to its telling, by the database's clock, for news that another process wrote.",
    labels: [],
    buckets: LAG,
  },
  toota_stream_told_total: {
    type: 'counter',
    help: 'News told to listeners here: at once by a commit or a wake-up of another process, or read from the table.',
    labels: ['by'],
  },
  toota_stream_behind: {
    type: 'gauge',
    help: 'News that the last poll found in the table and not yet told here.',
    labels: [],
  },
  toota_stream_listeners: { type: 'gauge', help: 'Accounts whose stream somebody listens to.', labels: [] },
  toota_resumes_total: {
    type: 'counter',
    help: 'What came of a client that wanted to go on: replayed, or reset by reason.',
    labels: ['outcome'],
  },

  toota_database_connections: {
    type: 'gauge',
    help: 'Connections of the pool: busy, idle.',
    labels: ['state'],
  },
  toota_database_pool_size: {
    type: 'gauge',
    help: 'Connections that the pool may have (DATABASE_POOL_SIZE).',
    labels: [],
  },
  toota_database_waiting: { type: 'gauge', help: 'Requests that wait for a connection.', labels: [] },
  toota_database_query_seconds: {
    type: 'histogram',
    help: 'One statement, from sending to answer.',
    labels: [],
    buckets: QUICK,
  },
  toota_database_transactions_total: {
    type: 'counter',
    help: 'Transactions: committed or rolled back; a retried one counts each time.',
    labels: ['outcome'],
  },
  toota_database_retries_total: {
    type: 'counter',
    help: 'Transactions that were run again, by reason.',
    labels: ['reason'],
  },

  toota_sweep_runs_total: {
    type: 'counter',
    help: 'Runs of the background jobs.',
    labels: ['sweep', 'outcome'],
  },
  toota_sweep_seconds: {
    type: 'histogram',
    help: 'How long a run took.',
    labels: ['sweep'],
    buckets: USUAL,
  },
  toota_sweep_overdue_seconds: {
    type: 'gauge',
    help: 'How long the job has not succeeded, beyond the pause that it asked for.',
    labels: ['sweep'],
  },
  toota_due_work_lag_seconds: {
    type: 'gauge',
    help: 'How long the oldest piece of due work has been waiting, in the whole database.',
    labels: ['work'],
  },

  toota_money_cases_open: {
    type: 'gauge',
    help: 'Payments, refunds and payouts that wait for a person, in the whole database.',
    labels: [],
  },

  toota_gateway_seconds: {
    type: 'histogram',
    help: "Calls of the payment gateways; refused is an answer, unknown isn't.",
    labels: ['gateway', 'op', 'outcome'],
    buckets: SLOW,
  },
  toota_gateway_resting: {
    type: 'gauge',
    help: '1 while a gateway that failed is left alone.',
    labels: ['gateway'],
  },

  toota_http_requests_total: {
    type: 'counter',
    help: 'Requests and WebSocket handshakes.',
    labels: ['method', 'route', 'status'],
  },
  toota_http_request_seconds: {
    type: 'histogram',
    help: 'From the request to the end of the answer.',
    labels: ['method', 'route'],
    buckets: USUAL,
  },

  toota_redis_up: { type: 'gauge', help: '1 while Redis answers; absent without REDIS_URL.', labels: [] },

  toota_disk_free_bytes: { type: 'gauge', help: 'Room left where DATA_DIR is.', labels: [] },
  toota_disk_size_bytes: { type: 'gauge', help: 'Size of the disk where DATA_DIR is.', labels: [] },
} as const satisfies Readonly<Record<string, About>>

type Catalogue = typeof METRICS
export type MetricName = keyof Catalogue
type NameOf<T extends About['type']> = {
  [N in MetricName]: Catalogue[N]['type'] extends T ? N : never
}[MetricName]
export type CounterName = NameOf<'counter'>
export type GaugeName = NameOf<'gauge'>
export type HistogramName = NameOf<'histogram'>
export type Labels<N extends MetricName> = Readonly<Record<Catalogue[N]['labels'][number], string>>
