import { ACTORS, type Actor, type Ids, type Scene } from './stage.ts'

/** `in`: past every check of who is asking. A number: that status. */
export type Outcome = 'in' | number
export type Request = {
  readonly body?: unknown
  readonly form?: Readonly<Record<string, string>>
  readonly query?: string
}

export type Row = {
  /** `METHOD pattern`; `WS pattern` for sockets. */
  readonly routes: readonly string[]
  readonly cells: Readonly<Record<Actor, Outcome>>
  readonly scene: Scene
  readonly request: (ids: Ids) => Request
}

type Cells = Row['cells']

const everybody: Cells = Object.fromEntries(ACTORS.map((actor) => [actor, 'in'])) as Cells

/** Strangers and those whose token is worth nothing are `unknown`, the rest `other`, except those named. */
const cells = (unknown: Outcome, other: Outcome, named: Partial<Cells>): Cells => ({
  ...(Object.fromEntries(ACTORS.map((actor) => [actor, other])) as Cells),
  nobody: unknown,
  expired: unknown,
  banned: unknown,
  ...named,
})
const anybodySignedIn = cells(401, 'in', {})
const customers = cells(401, 403, { owner: 'in', otherCustomer: 'in' })
const drivers = cells(401, 403, { driver: 'in', otherDriver: 'in', applicant: 'in' })
const staff = cells(401, 403, { staff: 'in' })
/** Only the two sides of the trip; it is not there for other customers and drivers. */
const bothSides = cells(401, 404, { owner: 'in', driver: 'in', staff: 403 })
const itsCustomer = cells(401, 403, { owner: 'in', otherCustomer: 404 })
const itsDriver = cells(401, 403, { driver: 'in', otherDriver: 404, applicant: 404 })

const row = (
  routes: readonly string[],
  who: Cells,
  request: Row['request'] = () => ({}),
  scene: Scene = 'accepted',
): Row => ({ routes, cells: who, scene, request })

const times = (prefixes: readonly string[], ...rest: readonly string[]): string[] =>
  prefixes.flatMap((prefix) => rest.map((each) => `${prefix}${each}`))

const PAGES = [
  ...[
    'GET /',
    'GET /healthz',
    'GET /readyz',
    'GET /dev/mail',
    'GET /redoc/',
    'GET /swagger/',
    'GET /swagger-docs/',
  ],
  ...['GET /swagger.json', 'GET /swagger.yaml', 'GET /docs/openapi.json'],
]

const CLASSIC: readonly Row[] = [
  row(
    [
      ...times(['POST /auth/signup/', 'POST /auth/login/'], '', 'user/', 'driver/'),
      ...times(['POST /auth/'], 'verify-email/', 'verify-email/driver/', 'resend-code/', 'resend-otp/'),
    ],
    everybody,
    () => ({ body: {} }),
  ),
  row(
    times(['GET /trip', 'POST /trip', 'GET /trips', 'POST /trips'], '/find-driver/', '/drivers/find/'),
    anybodySignedIn,
  ),
  row(times(['GET /trip', 'GET /trips'], '/:trip_id/status/'), bothSides),
  row(times(['POST /trip', 'POST /trips'], '/:trip_id/status/'), bothSides, () => ({
    body: { status: 'cancelled' },
  })),
  row(
    [
      '/payment/',
      '/payment/initiate/',
      '/api/payment/',
      '/api/payment/initiate/',
      '/trips/payment/',
      '/trip/payment/',
    ].map((url) => `POST ${url}`),
    cells(401, 403, { owner: 'in', otherCustomer: 400 }),
    ({ tripId }) => ({ body: { trip_id: tripId, payment_method: 'cash', currency: 'ZAR' } }),
    'pending',
  ),
  // Whoever knows the payment, be it the browser that comes back from its page.
  row(times(['GET /payment', 'GET /api/payment'], '/verify/'), everybody, ({ paymentId }) => ({
    query: `payment=${paymentId}`,
  })),
  row(times(['POST /payment', 'POST /api/payment'], '/verify/'), everybody, ({ paymentId }) => ({
    body: { transaction_id: paymentId },
  })),
  // Nobody's token counts here, only a gateway's signature.
  row(
    times(['POST /payment/'], 'paystack/webhook/', 'flutterwave/webhook/', 'yoco/webhook/'),
    cells(401, 401, {}),
    () => ({ body: { event: 'charge.success', data: { reference: 'toota-1' } } }),
  ),
  row(
    times(['GET /auth/', 'PUT /auth/'], 'kyc-update/driver/', 'driver/kyc/update/'),
    cells(401, 404, { driver: 'in', otherDriver: 'in', applicant: 'in' }),
  ),
]

const CLASSIC_ACCOUNTS: readonly Row[] = [
  // That an address has no account is 404 in the original's words, whoever asks; here none is named.
  row(times(['POST /auth/reset-password/'], 'user/', 'driver/'), everybody, () => ({ body: {} })),
  row(times(['POST /auth/forgot-password/'], 'user/', 'driver/'), cells(404, 404, {}), () => ({ body: {} })),
  row(['POST /auth/change-password/', 'POST /auth/logout/', 'POST /auth/ticket/'], anybodySignedIn, () => ({
    body: {},
  })),
  row(['GET /auth/profile/user/'], anybodySignedIn),
  row(['PATCH /auth/profile/user/'], anybodySignedIn, () => ({ body: { first_name: 'Zanele' } })),
  row(times(['PUT /auth/', 'PATCH /auth/'], 'kyc-update/user/', 'kyc-update/'), anybodySignedIn, () => ({
    form: { first_name: 'Zanele' },
  })),
]

const CLASSIC_SOCKETS: readonly Row[] = [
  row(['WS /ws/trips/driver/response/:driverId/'], cells(403, 403, { driver: 'in' })),
  row(['WS /ws/trips/user/request/:driverId/'], cells(403, 403, { owner: 'in', otherCustomer: 'in' })),
  row(['WS /ws/trips/drivers/all/'], cells(403, 403, { owner: 'in', otherCustomer: 'in' })),
  row(
    [
      'WS /ws/driver/location/',
      'WS /ws/trips/driver/location/',
      'WS /ws/trips/driver/',
      'WS /ws/trips/driver/response/',
    ],
    cells(403, 403, { driver: 'in', otherDriver: 'in', applicant: 'in' }),
  ),
  row(['WS /ws/trips/driver/location/:driverId/'], cells(403, 403, { driver: 'in' })),
  row(
    ['WS /ws/trips/user/', 'WS /ws/trips/user/request/'],
    cells(403, 403, { owner: 'in', otherCustomer: 'in' }),
  ),
  // An approved driver may be followed; he tells strangers nothing while he is busy.
  row(
    ['WS /ws/user/driver/:driverId/location/', 'WS /ws/trips/user/location/:driverId/'],
    cells(403, 403, { owner: 'in', otherCustomer: 'in' }),
  ),
  row(['WS /ws/trips/user/status/:tripId/'], cells(403, 403, { owner: 'in' })),
  row(
    ['WS /ws/trips/driver/status/:tripId/', 'WS /ws/trips/driver/status/update/:tripId/'],
    cells(403, 403, { driver: 'in' }),
  ),
]

const ACCOUNTS: readonly Row[] = [
  row(
    [
      ...times(['POST /v1/accounts'], '', '/codes', '/verification'),
      ...['POST /v1/password-resets', 'POST /v1/password-resets/completion'],
    ],
    everybody,
    () => ({ body: {} }),
  ),
  row(['GET /v1/sessions', 'DELETE /v1/sessions/current', 'POST /v1/tickets', 'GET /v1/me'], anybodySignedIn),
  row(['DELETE /v1/sessions/:sessionId'], cells(401, 404, { owner: 'in' })),
  row(['PATCH /v1/me'], anybodySignedIn, () => ({ body: { firstName: 'Zanele' } })),
  row(['PUT /v1/me/password'], anybodySignedIn, () => ({ body: {} })),
  row(['POST /v1/pictures/:place'], cells(401, 'in', { staff: 403 })),
  row(['GET /v1/me/application', 'GET /v1/me/documents'], drivers),
  row(['PUT /v1/me/application'], drivers, () => ({ body: {} })),
  row(['GET /v1/drivers/:driverId/documents'], staff),
  row(['POST /v1/drivers/:driverId/approval'], staff),
]

const PLACE = { address: '1 Main Road', latitude: -26.2, longitude: 28.04 }

const PRODUCT: readonly Row[] = [
  row(['GET /v1/trips'], cells(401, 'in', { staff: 403 })),
  row(['GET /v1/trips/:tripId'], bothSides),
  // Only a completed trip has one, and the trip on stage is not; features/receipts/routes.e2e.test.ts has who sees it then.
  row(times(['GET /v1/trips/:tripId/receipt'], '', '.html', '.pdf'), cells(401, 404, {})),
  row(['POST /v1/trips'], customers, () => ({
    body: { vehicleClass: 'bakkie', pickup: PLACE, destination: PLACE },
  })),
  row(['POST /v1/trips/:tripId/payment'], itsCustomer, () => ({ body: { method: 'cash' } }), 'pending'),
  row(['POST /v1/trips/:tripId/offers'], itsCustomer, ({ driverId }) => ({ body: { driverId } }), 'offered'),
  row(
    ['POST /v1/trips/:tripId/cancellation'],
    cells(401, 404, { owner: 'in', driver: 'in', staff: 'in' }),
    () => ({ body: { reason: 'a test' } }),
  ),
  row(['POST /v1/trips/:tripId/search-again'], itsCustomer),
  row(['POST /v1/trips/:tripId/status'], itsDriver, () => ({ body: { status: 'en_route' } })),
  row(['POST /v1/trips/:tripId/cash-receipt'], itsDriver),
  row(['GET /v1/offers'], drivers),
  row(
    ['POST /v1/offers/:offerId/acceptance', 'POST /v1/offers/:offerId/rejection'],
    itsDriver,
    () => ({}),
    'offered',
  ),
  row(['GET /v1/drivers'], cells(401, 403, { owner: 'in', otherCustomer: 'in', staff: 'in' }), () => ({
    query: 'latitude=-26.2&longitude=28.05',
  })),
  row(['GET /v1/drivers/:driverId/position'], itsCustomer),
  row(['PUT /v1/me/position'], drivers, () => ({ body: { latitude: -26.2, longitude: 28.05 } })),
  row(['POST /v1/me/trail'], drivers, () => ({
    body: { fixes: [{ latitude: -26.2, longitude: 28.05, at: '2026-11-25T10:00:00Z' }] },
  })),
  row(['GET /v1/trips/:tripId/trail'], cells(401, 404, { owner: 'in', driver: 'in', staff: 'in' })),
  row(['GET /v1/sync'], cells(401, 'in', {})),
  // Without a header the hello may still bring a token; a bad header is refused at once.
  row(['WS /v1/live'], cells(401, 'in', { nobody: 'in' })),
]

const MONEY: readonly Row[] = [
  row(['POST /v1/trips/:tripId/payment/check'], itsCustomer, () => ({}), 'pending'),
  row(['POST /v1/trips/:tripId/cash-confirmation'], itsCustomer, () => ({ body: { paidMinor: 10_000 } })),
  row(['GET /v1/me/balances'], cells(401, 'in', { staff: 403 })),
  row(['GET /v1/concerns'], staff),
  row(['GET /v1/cases'], staff),
  row(['POST /v1/cases/:caseId/resolution'], staff, () => ({ body: { note: 'a test' } })),
  row(['POST /v1/payments/:paymentId/refunds'], staff, () => ({
    body: { amountMinor: 100, reason: 'a test' },
  })),
  row(['GET /v1/statements'], staff, () => ({ query: 'from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z' })),
]

const EARNINGS: readonly Row[] = [
  row(['GET /v1/me/payout-account', 'GET /v1/me/payouts', 'GET /v1/me/earnings'], drivers),
  row(['PUT /v1/me/payout-account'], drivers, () => ({
    body: { kind: 'bank', name: 'D Nkosi', accountNumber: '0123456789', bankCode: '632005' },
  })),
  row(['POST /v1/me/payouts'], drivers, () => ({ body: { amountMinor: 5_000, currency: 'ZAR' } })),
]

export const MATRIX: readonly Row[] = [
  row(PAGES, everybody),
  ...CLASSIC,
  ...CLASSIC_ACCOUNTS,
  ...CLASSIC_SOCKETS,
  ...ACCOUNTS,
  ...PRODUCT,
  ...MONEY,
  ...EARNINGS,
]

/** Not for an account: opened by what the request carries, or for everybody. Tested where it is made. */
export const ELSEWHERE: readonly string[] = [
  'POST /v1/sessions',
  'POST /v1/sessions/refresh',
  'POST /auth/token/refresh/',
  'GET /docs-assets/:name',
  'GET /media/:name',
  'GET /media/private/:name',
]
