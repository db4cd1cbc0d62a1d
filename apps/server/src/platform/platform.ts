import type { Market } from '@toota/contract'
import type { Blobs } from './blobs.ts'
import type { Clock } from './clock.ts'
import type { Database } from './database/index.ts'
import type { DeviceClaims } from './device-claims.ts'
import type { Gateways } from './gateways/gateway.ts'
import type { Images } from './images.ts'
import type { Logger } from './log.ts'
import type { MailOutbox } from './mail-outbox.ts'
import type { Metrics } from './metrics.ts'
import type { NewsDesk } from './news.ts'
import type { Passwords } from './passwords.ts'
import type { PictureUrls } from './picture-urls.ts'
import type { Positions } from './positions.ts'
import type { Router } from './router.ts'
import type { SessionEnds } from './session-ends.ts'
import type { LimitName, Rate, Throttle } from './throttle.ts'
import type { Tokens } from './tokens.ts'

/** The world, passed in: a use case names what it touches by destructuring it from here. */
export type Platform = {
  readonly db: Database
  readonly clock: Clock
  readonly positions: Positions
  readonly news: NewsDesk
  readonly mail: MailOutbox
  readonly router: Router
  readonly passwords: Passwords
  readonly tokens: Tokens
  readonly sessionEnds: SessionEnds
  readonly deviceClaims: DeviceClaims
  readonly throttle: Throttle
  readonly blobs: Blobs
  readonly images: Images
  readonly gateways: Gateways
  readonly pictureUrls: PictureUrls
  readonly log: Logger
  readonly metrics: Metrics
  readonly settings: Settings
}

/** The operator's choices that rules depend on. */
export type Settings = {
  readonly isDebug: boolean
  readonly secretKey: string
  readonly defaultMarket: Market
  readonly otpValidityMinutes: number
  /** How long a driver may think about an offer; decimals allowed. */
  readonly offerTimeoutSeconds: number
  readonly driverApproval: 'manual' | 'auto'
  /** Trips per customer that may at once have an open offer or be under way. */
  readonly maxOpenTrips: number
  /** When a driver under way worries us, and after how long in the dark he is taken off the trip; 0 means never. */
  readonly watch: {
    readonly darkSeconds: number
    readonly stallMinutes: number
    readonly retreatMeters: number
    readonly releaseMinutes: number
  }
  readonly maxSocketsPerAccount: number
  /** From when the two parties of an offer see each other's phone. */
  readonly contactsFrom: 'offer' | 'accept'
  /** A reading that is less exact is no position. */
  readonly maxFixAccuracyMeters: number
  /** Trails of trips requested longer ago are dropped. */
  readonly trailRetentionDays: number
  /** How often drivers' phones are told to say where they are. */
  readonly pace: {
    readonly movingSeconds: number
    readonly nearSeconds: number
    readonly idleSeconds: number
    readonly nearMeters: number
  }
  /** Without a slash at the end; undefined: addresses are told without a host. */
  readonly publicUrl: string | undefined
  readonly limits: Readonly<Record<LimitName, Rate>>
  /** What we keep of a fare; 10,000 are all of it. */
  readonly commissionBasisPoints: Readonly<Record<Market, number>>
  /** The tax within the commission; 0 where we have no tax number. */
  readonly taxBasisPoints: Readonly<Record<Market, number>>
  readonly taxNumbers: Readonly<Partial<Record<Market, string>>>
  /** Owed to us from cash trips; above it a driver gets no more of them. */
  readonly cashFloatLimitMinor: Readonly<Record<Market, number>>
  readonly minPayoutMinor: Readonly<Record<Market, number>>
  readonly companyName: string
  readonly companyAddress: string | undefined
}
