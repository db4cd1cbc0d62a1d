import { join, resolve } from 'node:path'
import type { Market } from '@toota/contract'
import type { z } from 'zod'
import { readEnvFile } from './config/env-file.ts'
import { positionSettingsOf } from './config/position-settings.ts'
import { monitoringOf, type Monitoring } from './config/monitoring-settings.ts'
import { keptSecretKey, weaknessOf } from './config/secret-key.ts'
import { nodesWarnings, unusedNames } from './config/setting-warnings.ts'
import { settingGroups, type Values } from './config/settings.ts'
import type { About } from './config/setting-kinds.ts'
import { gatewayWarnings, type GatewaySettings } from './platform/gateways/gateway-settings.ts'
import type { RedisTarget } from './platform/redis/redis-target.ts'
import type { Settings } from './platform/platform.ts'

type Smtp = {
  readonly host: string
  readonly port: number
  readonly security: 'none' | 'starttls' | 'tls'
  readonly login: { readonly user: string; readonly password: string } | undefined
}

export type S3Store = {
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export type Config = {
  readonly http: {
    readonly host: string
    readonly port: number
    readonly trustProxyHops: number
    readonly corsOrigins: 'any' | readonly string[]
    readonly drainSeconds: number
  }
  readonly monitoring: Monitoring
  readonly logLevel: Values['LOG_LEVEL']
  /** `dir` is absolute. */
  readonly data: { readonly dir: string; readonly isDirExplicit: boolean }
  /** No `url`: the embedded database. `directUrl` is for migrations. */
  readonly database: {
    readonly url: string | undefined
    readonly directUrl: string | undefined
    readonly poolSize: number
  }
  /** What several nodes share; undefined: this process is alone. */
  readonly redis: RedisTarget | undefined
  /** No `smtp`: mail stays in the outbox. */
  readonly mail: { readonly smtp: Smtp | undefined; readonly from: string }
  readonly routing: {
    readonly google: { readonly apiKey: string; readonly url: string } | undefined
    readonly osrmUrl: string | undefined
  }
  /** Undefined: pictures are kept in `data.dir`. */
  readonly s3: S3Store | undefined
  readonly gateways: GatewaySettings
  /** Only this machine can reach the server. */
  readonly isLocal: boolean
  readonly settings: Settings
  /** Lines to show loudly at the start. */
  readonly warnings: readonly string[]
}

/** Its message has one line per fault and no secret's value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type Environment = Readonly<Record<string, string | undefined>>
type Known = Partial<Values>

/**
 * Reads the settings from the environment and the `.env` of `folder`; in DEBUG it may make the key and so DATA_DIR.
 * @throws ConfigError with all faults at once
 */
export function loadConfig(folder: string = process.cwd(), environment: Environment = process.env): Config {
  const file = readEnvFile(join(folder, '.env'))
  const given = (name: string) => environment[name] || file.values.get(name) || undefined
  const { known, faults } = readValues(given)
  const isDebug = known.DEBUG ?? isDebugByDefault(known)
  faults.unshift(...file.faults)
  faults.push(...faultsBetween(known, isDebug))
  if (faults.length > 0) throw new ConfigError(faults.join('\n'))

  const values = known as Values
  const dir = resolve(folder, values.DATA_DIR)
  const warnings = [...warningsOf(values, isDebug), ...unusedNames([...file.values.keys()])]
  return {
    http: {
      host: values.HOST,
      port: values.PORT,
      trustProxyHops: values.TRUST_PROXY,
      corsOrigins: values.CORS_ORIGINS ?? (isDebug ? 'any' : []),
      drainSeconds: values.DRAIN_SECONDS ?? (isDebug ? 0 : 10),
    },
    monitoring: monitoringOf(values),
    logLevel: values.LOG_LEVEL,
    data: { dir, isDirExplicit: given('DATA_DIR') !== undefined },
    database: {
      url: values.DATABASE_URL,
      directUrl: values.DIRECT_URL ?? values.DATABASE_URL,
      poolSize: values.DATABASE_POOL_SIZE,
    },
    redis: values.REDIS_URL,
    mail: mailOf(values),
    routing: {
      google: values.GOOGLE_MAPS_API_KEY
        ? { apiKey: values.GOOGLE_MAPS_API_KEY, url: values.GOOGLE_ROUTES_URL }
        : undefined,
      osrmUrl: values.OSRM_URL,
    },
    s3: s3Of(values),
    gateways: gatewaysOf(values, isDebug),
    isLocal: isLoopback(values.HOST),
    settings: settingsOf(values, isDebug, values.SECRET_KEY ?? secretKeyIn(dir)),
    warnings,
  }
}

function readValues(given: (name: string) => string | undefined): { known: Known; faults: string[] } {
  const known: Record<string, unknown> = {}
  const faults: string[] = []
  for (const { shape } of Object.values(settingGroups)) {
    for (const [name, schema] of Object.entries(shape) as [string, z.ZodType][]) {
      const text = given(name)
      const result = schema.safeParse(text)
      if (result.success) known[name] = result.data
      else {
        const shown = (schema.meta() as unknown as About).isSecret ? 'its value' : JSON.stringify(text)
        faults.push(`${name}: ${shown} ${result.error.issues[0]?.message ?? 'is not valid'}`)
      }
    }
  }
  return { known, faults }
}

function isDebugByDefault({ HOST, DATABASE_URL }: Known): boolean {
  return HOST !== undefined && isLoopback(HOST) && DATABASE_URL === undefined
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

function faultsBetween(known: Known, isDebug: boolean): string[] {
  const faults: string[] = []
  if (!isDebug && known.HOST !== undefined) {
    const fault = known.SECRET_KEY === undefined ? 'is missing' : weaknessOf(known.SECRET_KEY)
    if (fault) {
      faults.push(
        `SECRET_KEY: ${fault}; outside DEBUG set 32 random bytes or more, e.g. from: openssl rand -base64 48`,
      )
    }
  }
  for (const name of ['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const) {
    if (known.S3_ENDPOINT && !known[name]) faults.push(`${name}: is missing, though S3_ENDPOINT is set`)
  }
  if (known.DIRECT_URL && !known.DATABASE_URL) faults.push('DIRECT_URL: is set without DATABASE_URL')
  if (known.EMAIL_USE_TLS && known.EMAIL_USE_SSL) {
    faults.push('EMAIL_USE_TLS: cannot be true together with EMAIL_USE_SSL')
  }
  if (known.EMAIL_HOST_USER && !known.EMAIL_HOST_PASSWORD) {
    faults.push('EMAIL_HOST_PASSWORD: is missing, though EMAIL_HOST_USER is set')
  }
  if (
    (known.EMAIL_HOST ?? known.EMAIL_HOST_USER) &&
    !known.EMAIL_FROM &&
    !known.EMAIL_HOST_USER?.includes('@')
  ) {
    faults.push('EMAIL_FROM: is missing; it is needed where EMAIL_HOST_USER is no e-mail address')
  }
  return [...faults, ...paymentFaults(known, isDebug)]
}

function paymentFaults(known: Known, isDebug: boolean): string[] {
  const faults: string[] = []
  for (const name of ['PAYSTACK_BASE_URL', 'FLUTTERWAVE_BASE_URL', 'YOCO_BASE_URL'] as const) {
    const url = known[name] === undefined ? undefined : new URL(known[name])
    if (!isDebug && url?.protocol === 'http:' && !isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1')))
      faults.push(
        `${name}: is not encrypted (http); outside DEBUG the keys of a gateway leave this machine by https alone`,
      )
  }
  if (known.TEST_GATEWAY && !isDebug)
    faults.push('TEST_GATEWAY: is for DEBUG only; with it, trips are driven for money that does not exist')
  const gateways = gatewaysOf(known, isDebug)
  if (known.ZA_GATEWAY === 'yoco' && !gateways.yoco && !gateways.usesTestGateway)
    faults.push('YOCO_SECRET_KEY: is missing, though ZA_GATEWAY is yoco')
  return faults
}

function warningsOf(values: Values, isDebug: boolean): string[] {
  const warnings: string[] = []
  if (isDebug && !isLoopback(values.HOST)) {
    warnings.push(
      `DEBUG=true on HOST ${values.HOST}: everybody who reaches this server can read all its mail, sign-in codes included. Never with real people's data.`,
    )
  }
  const weakness = values.SECRET_KEY === undefined ? undefined : weaknessOf(values.SECRET_KEY)
  if (weakness) warnings.push(`SECRET_KEY ${weakness}; without DEBUG the server will not start with it.`)
  return [...warnings, ...nodesWarnings(values), ...gatewayWarnings(gatewaysOf(values, isDebug), isDebug)]
}

function mailOf(values: Values): Config['mail'] {
  const { EMAIL_HOST_USER: user, EMAIL_HOST_PASSWORD: password, EMAIL_USE_SSL: isTlsFirst } = values
  const host = values.EMAIL_HOST ?? (user === undefined ? undefined : 'smtp.gmail.com')
  const security = isTlsFirst ? 'tls' : (values.EMAIL_USE_TLS ?? true) ? 'starttls' : 'none'
  const login = user !== undefined && password !== undefined ? { user, password } : undefined
  return {
    smtp: host === undefined ? undefined : { host, port: values.EMAIL_PORT, security, login },
    from: values.EMAIL_FROM ?? user ?? 'Toota <toota@localhost>',
  }
}

function s3Of(values: Values): S3Store | undefined {
  const { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_REGION: region } = values
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = values
  if (!endpoint || !bucket || !accessKeyId || !secretAccessKey) return undefined
  return { endpoint, bucket, region, accessKeyId, secretAccessKey }
}

/** Of what is known so far: while other settings have faults, too. */
function gatewaysOf(known: Known, isDebug: boolean): GatewaySettings {
  const api = (baseUrl: string | undefined, secretKey: string | undefined) =>
    baseUrl === undefined || secretKey === undefined
      ? undefined
      : { baseUrl: baseUrl.replace(/\/+$/, ''), secretKey }
  const paystack = api(known.PAYSTACK_BASE_URL, known.PAYSTACK_SECRET_KEY)
  const flutterwave = api(known.FLUTTERWAVE_BASE_URL, known.FLUTTERWAVE_SECRET_KEY)
  const yoco = api(known.YOCO_BASE_URL, known.YOCO_SECRET_KEY)
  return {
    paystack: paystack && { ...paystack, previousSecretKey: known.PAYSTACK_PREVIOUS_SECRET_KEY },
    flutterwave: flutterwave && {
      ...flutterwave,
      webhookSecrets: known.FLUTTERWAVE_WEBHOOK_SECRET ?? [],
      signature: known.FLUTTERWAVE_SIGNATURE ?? 'base64',
    },
    yoco: yoco && { ...yoco, webhookSecrets: known.YOCO_WEBHOOK_SECRET ?? [] },
    zaGateway: known.ZA_GATEWAY ?? 'paystack',
    usesTestGateway: known.TEST_GATEWAY ?? (isDebug && !paystack && !flutterwave && !yoco),
  }
}

function settingsOf(values: Values, isDebug: boolean, secretKey: string): Settings {
  return {
    isDebug,
    secretKey,
    defaultMarket: values.DEFAULT_MARKET,
    otpValidityMinutes: values.OTP_VALIDITY_MINUTES,
    offerTimeoutSeconds: values.OFFER_TIMEOUT_SECONDS,
    driverApproval: values.DRIVER_APPROVAL ?? (isDebug ? 'auto' : 'manual'),
    maxOpenTrips: values.MAX_OPEN_TRIPS,
    watch: {
      darkSeconds: values.WATCH_DARK_SECONDS,
      stallMinutes: values.WATCH_STALL_MINUTES,
      retreatMeters: values.WATCH_RETREAT_METERS,
      releaseMinutes: values.WATCH_RELEASE_MINUTES,
    },
    maxSocketsPerAccount: values.MAX_SOCKETS_PER_ACCOUNT,
    contactsFrom: values.CONTACTS_FROM,
    publicUrl: values.PUBLIC_URL?.replace(/\/+$/, ''),
    limits: {
      requests: values.LIMIT_REQUESTS,
      signUps: values.LIMIT_SIGN_UPS,
      logins: values.LIMIT_LOGINS,
      loginFailures: values.LIMIT_LOGIN_FAILURES,
      codes: values.LIMIT_CODES,
      searches: values.LIMIT_SEARCHES,
      pictures: values.LIMIT_PICTURES,
      frames: values.LIMIT_FRAMES,
    },
    ...positionSettingsOf(values),
    ...moneySettingsOf(values),
  }
}

function moneySettingsOf(values: Values) {
  const taxNumbers = values.TAX_NUMBERS ?? {}
  const taxIn = (market: Market) => (taxNumbers[market] === undefined ? 0 : values.TAX_PERCENT[market])
  return {
    commissionBasisPoints: values.COMMISSION_PERCENT,
    taxBasisPoints: { ZA: taxIn('ZA'), NG: taxIn('NG'), KE: taxIn('KE'), GH: taxIn('GH') },
    taxNumbers,
    cashFloatLimitMinor: values.CASH_FLOAT_LIMIT,
    minPayoutMinor: values.MIN_PAYOUT,
    companyName: values.COMPANY_NAME,
    companyAddress: values.COMPANY_ADDRESS,
  }
}

function secretKeyIn(dataDir: string): string {
  try {
    return keptSecretKey(dataDir)
  } catch (error) {
    throw new ConfigError(`DATA_DIR: no SECRET_KEY can be kept in it (${(error as Error).message})`)
  }
}
