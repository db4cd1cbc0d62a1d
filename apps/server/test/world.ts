import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createDiskBlobs } from '../src/platform/blobs-disk.ts'
import { systemClock } from '../src/platform/clock.ts'
import { createDeviceClaims } from '../src/platform/device-claims.ts'
import type { Gateways } from '../src/platform/gateways/gateway.ts'
import { createImages } from '../src/platform/images.ts'
import { createMailOutbox } from '../src/platform/mail-table.ts'
import { createMetrics } from '../src/platform/metrics.ts'
import { PolledNewsDesk } from '../src/platform/news-desk.ts'
import { createPasswords } from '../src/platform/passwords.ts'
import { createPictureUrls } from '../src/platform/picture-urls.ts'
import type { Platform, Settings } from '../src/platform/platform.ts'
import { createMemoryPositions } from '../src/platform/positions-memory.ts'
import { estimateRouter } from '../src/platform/router-estimate.ts'
import { createSessionEnds } from '../src/platform/session-ends.ts'
import { createMemoryThrottle } from '../src/platform/throttle.ts'
import { createTokens } from '../src/platform/tokens.ts'
import { createPeople } from './people.ts'
import { createTestDatabase, type TestDatabaseOptions } from './test-database.ts'

export { JOHANNESBURG, SANDTON } from './people.ts'

export const TEST_SETTINGS: Settings = {
  isDebug: true,
  secretKey: 'a-secret-key-of-tests-that-is-long-enough',
  defaultMarket: 'ZA',
  otpValidityMinutes: 60,
  offerTimeoutSeconds: 30,
  driverApproval: 'auto',
  maxOpenTrips: 10,
  watch: { darkSeconds: 120, stallMinutes: 8, retreatMeters: 1_000, releaseMinutes: 30 },
  maxSocketsPerAccount: 20,
  contactsFrom: 'offer',
  maxFixAccuracyMeters: 500,
  trailRetentionDays: 90,
  pace: { movingSeconds: 4, nearSeconds: 2, idleSeconds: 20, nearMeters: 500 },
  publicUrl: undefined,
  limits: {
    requests: { count: 100_000, seconds: 60 },
    signUps: { count: 1_000, seconds: 60 },
    logins: { count: 1_000, seconds: 60 },
    loginFailures: { count: 10, seconds: 900 },
    codes: { count: 1_000, seconds: 60 },
    searches: { count: 10_000, seconds: 60 },
    pictures: { count: 1_000, seconds: 3_600 },
    frames: { count: 3_000, seconds: 3 },
  },
  commissionBasisPoints: { ZA: 2_000, NG: 2_000, KE: 2_000, GH: 2_000 },
  taxBasisPoints: { ZA: 0, NG: 0, KE: 0, GH: 0 },
  taxNumbers: {},
  cashFloatLimitMinor: { ZA: 10_000_000, NG: 10_000_000, KE: 10_000_000, GH: 10_000_000 },
  minPayoutMinor: { ZA: 1_000, NG: 1_000, KE: 1_000, GH: 1_000 },
  companyName: 'Toota',
  companyAddress: undefined,
}

/** Cash only. */
const NO_GATEWAYS: Gateways = {
  forPayments: () => undefined,
  forPayouts: () => undefined,
  named: () => undefined,
  all: () => [],
}

export type World = Awaited<ReturnType<typeof createWorld>>

/** A platform on a database of its own, and people in it: real everything, only without a network edge. */
export async function createWorld(
  options: { settings?: Partial<Settings>; database?: TestDatabaseOptions; gateways?: Gateways } = {},
) {
  const { db, url, drop } = await createTestDatabase(options.database)
  const folder = await mkdtemp(join(tmpdir(), 'toota-world-'))
  const faults: unknown[] = []
  const metrics = createMetrics()
  const news = new PolledNewsDesk(db, (error) => faults.push(error), metrics)
  const settings = { ...TEST_SETTINGS, ...options.settings }
  const platform: Platform = {
    db,
    clock: systemClock,
    positions: createMemoryPositions((error) => faults.push(error)),
    news,
    mail: createMailOutbox(),
    router: estimateRouter,
    passwords: createPasswords(),
    tokens: createTokens(settings.secretKey),
    sessionEnds: createSessionEnds(),
    deviceClaims: createDeviceClaims(),
    throttle: createMemoryThrottle(settings.limits),
    blobs: createDiskBlobs(join(folder, 'pictures')),
    images: createImages(),
    gateways: options.gateways ?? NO_GATEWAYS,
    pictureUrls: createPictureUrls({ ...settings, clock: systemClock }),
    log: pino({ level: 'silent' }),
    metrics,
    settings,
  }
  return {
    platform,
    db,
    url,
    news,
    faults,
    ...createPeople(platform),
    async close() {
      await drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
