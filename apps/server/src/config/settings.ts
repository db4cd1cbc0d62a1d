import { MARKETS } from '@toota/contract'
import { z } from 'zod'
import { monitoringSettings } from './monitoring-settings.ts'
import {
  apiKey,
  boolean,
  databaseUrl,
  folder,
  host,
  marketTexts,
  oneOf,
  optional,
  origins,
  perMarket,
  rate,
  redisUrl,
  seconds,
  secrets,
  sender,
  svixSecrets,
  text,
  webUrl,
  wholeNumber,
  withDefault,
  type About,
} from './setting-kinds.ts'

const COMMISSION = '20'
const TAX = 'ZA:15,NG:7.5,KE:16,GH:20'
const CASH_FLOAT = 'ZA:500,NG:40000,KE:4000,GH:400'
const MIN_PAYOUT = 'ZA:50,NG:2000,KE:200,GH:30'
const MAX_AMOUNT = 999_999_999 // More, in any of the currencies, is a typing error.

/** Every setting there is, in the order of the documentation; .env.example is written from it. */
export const settingGroups = {
  Server: z.object({
    HOST: withDefault(host, '127.0.0.1', {
      description: 'Address to listen on; 0.0.0.0 for every network of this machine.',
    }),
    PORT: withDefault(wholeNumber(1, 65535), '8000', { description: 'Port to listen on.' }),
    SECRET_KEY: optional(text, {
      description:
        'Signs sessions; at least 32 random bytes, for example from `openssl rand -base64 48`. Needed unless DEBUG, which makes one and keeps it in DATA_DIR.',
      isSecret: true,
    }),
    DEBUG: optional(boolean, {
      description:
        'Shows the mail outbox at /dev/mail, makes demo accounts and lets any web page call. Unset: true when HOST is this machine only and DATABASE_URL is unset, otherwise false.',
    }),
    CORS_ORIGINS: optional(origins, {
      description: 'Web pages that may call the API. Unset: any in DEBUG, otherwise none but our own.',
    }),
    PUBLIC_URL: optional(webUrl, {
      description:
        'How clients reach this server, for example https://toota.example.com; pictures are named by it. Unset: addresses without a host.',
    }),
    TRUST_PROXY: withDefault(wholeNumber(0, 10), '0', {
      description: 'How many reverse proxies stand in front, so whose X-Forwarded-For is believed.',
    }),
    MAX_SOCKETS_PER_ACCOUNT: withDefault(wholeNumber(1, 1000), '20', {
      description: 'WebSockets that one account may have open at once.',
    }),
    DRAIN_SECONDS: optional(wholeNumber(0, 300), {
      description: 'How long a stop lets clients of /v1/live go elsewhere. Unset: 0 in DEBUG, otherwise 10.',
    }),
    LOG_LEVEL: withDefault(oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), 'info', {
      description: 'The least important log entries to write.',
    }),
  }),
  Data: z.object({
    DATA_DIR: withDefault(folder, './data', {
      description: "The embedded database's files and whatever else is kept; relative to the current folder.",
    }),
    DATABASE_URL: optional(databaseUrl, {
      description:
        'A PostgreSQL server (14 or newer) to use instead of the embedded one. Port 6543 or ?pgbouncer=true: a transaction pooler.',
      isSecret: true,
    }),
    DIRECT_URL: optional(databaseUrl, {
      description: 'The same database without a pooler, for migrations. Unset: DATABASE_URL.',
      isSecret: true,
    }),
    DATABASE_POOL_SIZE: withDefault(wholeNumber(2, 500), '10', {
      description: 'Connections to the database.',
    }),
    REDIS_URL: optional(redisUrl, {
      description:
        'A Redis or Valkey, 7 or newer, that several servers on one database share. Unset: one server alone.',
      isSecret: true,
    }),
    S3_ENDPOINT: optional(webUrl, {
      description:
        'An S3-compatible store for pictures, for example https://s3.eu-west-1.amazonaws.com. Unset: they are kept in DATA_DIR.',
    }),
    S3_BUCKET: optional(text, { description: 'Bucket for pictures; needed with S3_ENDPOINT.' }),
    S3_REGION: withDefault(text, 'us-east-1', { description: 'Region of the bucket.' }),
    S3_ACCESS_KEY_ID: optional(text, { description: 'Key of the store; needed with S3_ENDPOINT.' }),
    S3_SECRET_ACCESS_KEY: optional(text, {
      description: 'Secret of the store; needed with S3_ENDPOINT.',
      isSecret: true,
    }),
  }),
  Mail: z.object({
    EMAIL_HOST: optional(host, {
      description:
        'SMTP server. Unset: smtp.gmail.com when EMAIL_HOST_USER is set, otherwise mail stays in the outbox.',
    }),
    EMAIL_PORT: withDefault(wholeNumber(1, 65535), '587', { description: 'Port of the SMTP server.' }),
    EMAIL_USE_TLS: optional(boolean, {
      description: 'Encrypt by STARTTLS, and send nothing without it. Unset: true unless EMAIL_USE_SSL.',
    }),
    EMAIL_USE_SSL: withDefault(boolean, 'false', {
      description: 'TLS from the first byte (usually port 465).',
    }),
    EMAIL_HOST_USER: optional(text, { description: 'Login at the SMTP server.' }),
    EMAIL_HOST_PASSWORD: optional(text, { description: 'Password at the SMTP server.', isSecret: true }),
    EMAIL_FROM: optional(sender, { description: 'Sender of all mail. Unset: EMAIL_HOST_USER.' }),
    OTP_VALIDITY_MINUTES: withDefault(wholeNumber(1, 1440), '60', {
      description: 'How long a code that verifies an e-mail address works.',
    }),
  }),
  Trips: z.object({
    OFFER_TIMEOUT_SECONDS: withDefault(seconds(600), '30', {
      description: 'How long a driver may think about an offer; decimals allowed.',
    }),
    DRIVER_APPROVAL: optional(oneOf('manual', 'auto'), {
      description: 'Whether a person approves each driver. Unset: auto in DEBUG, otherwise manual.',
    }),
    MAX_OPEN_TRIPS: withDefault(wholeNumber(1, 100), '10', {
      description: 'Trips per customer that may at once have an open offer or be under way.',
    }),
    WATCH_DARK_SECONDS: withDefault(wholeNumber(0, 86_400), '120', {
      description:
        'A driver under way who is not heard of for so long worries us, and the customer is told; he may then look for another. 0: never.',
    }),
    WATCH_STALL_MINUTES: withDefault(wholeNumber(0, 1_440), '8', {
      description: 'So does one who for so long has not come 100 m nearer to the pickup. 0: never.',
    }),
    WATCH_RETREAT_METERS: withDefault(wholeNumber(0, 1_000_000), '1000', {
      description: 'So does one who is so much farther from the pickup than he has been already. 0: never.',
    }),
    WATCH_RELEASE_MINUTES: withDefault(wholeNumber(0, 1_440), '30', {
      description:
        'In the dark for so long on the way to the pickup, he is taken off the trip, which waits for another driver. 0: never.',
    }),
    CONTACTS_FROM: withDefault(oneOf('offer', 'accept'), 'offer', {
      description: "From when customer and driver see each other's name and phone.",
    }),
    DEFAULT_MARKET: withDefault(oneOf(...MARKETS), 'ZA', {
      description: 'Market of pickups that are in none of the countries served.',
    }),
    GOOGLE_MAPS_API_KEY: optional(text, {
      description: 'Distances and durations from Google Routes; asked before OSRM_URL when both are set.',
      isSecret: true,
    }),
    GOOGLE_ROUTES_URL: withDefault(webUrl, 'https://routes.googleapis.com', {
      description: 'Where Google Routes is asked.',
    }),
    OSRM_URL: optional(webUrl, {
      description: 'An OSRM server for distances and durations. Unset: an estimate from the great circle.',
    }),
  }),
  Positions: z.object({
    MAX_FIX_ACCURACY_METERS: withDefault(wholeNumber(10, 10_000), '500', {
      description: 'A reading of a phone that is less exact than this is no position.',
    }),
    PACE_MOVING_SECONDS: withDefault(wholeNumber(1, 30), '4', {
      description: "How often a driver's phone is to say where he is while he drives for somebody.",
    }),
    PACE_NEAR_SECONDS: withDefault(wholeNumber(1, 30), '2', {
      description: 'The same within PACE_NEAR_METERS of where somebody waits for him.',
    }),
    PACE_IDLE_SECONDS: withDefault(wholeNumber(1, 30), '20', {
      description:
        'The same while he waits for work, or stands where he loads; after 60 s of silence nobody finds him.',
    }),
    PACE_NEAR_METERS: withDefault(wholeNumber(50, 10_000), '500', {
      description: 'How close to the pickup, and later to the destination, PACE_NEAR_SECONDS counts.',
    }),
    TRAIL_RETENTION_DAYS: withDefault(wholeNumber(1, 3_650), '90', {
      description: 'How long is kept where drivers were on their trips, from the day of the request.',
    }),
  }),
  Payments: z.object({
    PAYSTACK_BASE_URL: withDefault(webUrl, 'https://api.paystack.co', {
      description: 'Where Paystack is asked; it serves every market but Nigeria.',
    }),
    PAYSTACK_SECRET_KEY: optional(apiKey, {
      description:
        "Paystack's secret key, sk_live_… or sk_test_…; it also signs its webhooks. Unset: no Paystack.",
      isSecret: true,
    }),
    PAYSTACK_PREVIOUS_SECRET_KEY: optional(apiKey, {
      description: 'The key before it, for a while after a change: webhooks signed with it still count.',
      isSecret: true,
    }),
    FLUTTERWAVE_BASE_URL: withDefault(webUrl, 'https://api.flutterwave.com/v3', {
      description: 'Where Flutterwave v3 is asked; it serves Nigeria.',
    }),
    FLUTTERWAVE_SECRET_KEY: optional(apiKey, {
      description: "Flutterwave's secret key, FLWSECK-… or FLWSECK_TEST-…. Unset: no Flutterwave.",
      isSecret: true,
    }),
    FLUTTERWAVE_WEBHOOK_SECRET: optional(secrets, {
      description:
        "The secret hash of Flutterwave's dashboard; several while it is changed. Unset: its webhooks are refused.",
      isSecret: true,
    }),
    FLUTTERWAVE_SIGNATURE: withDefault(oneOf('base64', 'hex', 'off'), 'base64', {
      description:
        "How Flutterwave's newer webhooks write their flutterwave-signature; off refuses those that have one.",
    }),
    YOCO_BASE_URL: withDefault(webUrl, 'https://payments.yoco.com', {
      description: 'Where Yoco is asked; it can serve South Africa.',
    }),
    YOCO_SECRET_KEY: optional(apiKey, {
      description: "Yoco's secret key, sk_live_… or sk_test_…. Unset: no Yoco.",
      isSecret: true,
    }),
    YOCO_WEBHOOK_SECRET: optional(svixSecrets, {
      description:
        'What Yoco answered when its webhook was registered; several while it is changed. Unset: its webhooks are refused.',
      isSecret: true,
    }),
    ZA_GATEWAY: withDefault(oneOf('paystack', 'yoco'), 'paystack', {
      description: 'Which gateway South Africa pays by; the other one where only that is set.',
    }),
    TEST_GATEWAY: optional(boolean, {
      description:
        'Payments are played by a test gateway that comes along; for DEBUG only. Unset: true in DEBUG while no gateway has a key, otherwise false.',
    }),
    COMMISSION_PERCENT: withDefault(perMarket(COMMISSION, 100), COMMISSION, {
      description: 'What we keep of a fare.',
    }),
    TAX_PERCENT: withDefault(perMarket(TAX, 100), TAX, {
      description: 'The tax within our commission, where TAX_NUMBERS has a number.',
    }),
    TAX_NUMBERS: optional(marketTexts, {
      description: 'Our tax number in each market where we are registered. A market without one has no tax.',
    }),
    CASH_FLOAT_LIMIT: withDefault(perMarket(CASH_FLOAT, MAX_AMOUNT), CASH_FLOAT, {
      description:
        "Commission that a driver may owe us from cash trips, in the market's currency; above it he gets no more of them.",
    }),
    MIN_PAYOUT: withDefault(perMarket(MIN_PAYOUT, MAX_AMOUNT), MIN_PAYOUT, {
      description: "The least that is paid out to a driver, in the market's currency.",
    }),
    COMPANY_NAME: withDefault(text, 'Toota', { description: 'Who receipts are from.' }),
    COMPANY_ADDRESS: optional(text, { description: "The company's address on receipts." }),
  }),
  Monitoring: monitoringSettings,
  // Counts are kept per process; each is generous enough for an office behind one address.
  Limits: z.object({
    LIMIT_REQUESTS: withDefault(rate, '1200/60', {
      description: 'Requests of one account, or of one address without an account.',
    }),
    LIMIT_SIGN_UPS: withDefault(rate, '120/60', { description: 'Sign-ups from one address.' }),
    LIMIT_LOGINS: withDefault(rate, '120/60', { description: 'Log-ins from one address.' }),
    LIMIT_LOGIN_FAILURES: withDefault(rate, '10/900', {
      description:
        'Wrong passwords for one account from one address; five times as many from all addresses its owner never used.',
    }),
    LIMIT_CODES: withDefault(rate, '120/60', {
      description:
        'Codes asked for or tried from one address; besides, a code takes 5 tries and a day 5 codes.',
    }),
    LIMIT_SEARCHES: withDefault(rate, '120/60', {
      description: 'Driver searches and trip requests of one account.',
    }),
    LIMIT_PICTURES: withDefault(rate, '40/3600', {
      description: 'Uploads of pictures by one account; a form with several is one.',
    }),
    LIMIT_FRAMES: withDefault(rate, '60/3', { description: 'Messages on one socket.' }),
  }),
} as const

type Groups = typeof settingGroups
export type Values = z.infer<Groups['Server']> &
  z.infer<Groups['Data']> &
  z.infer<Groups['Mail']> &
  z.infer<Groups['Trips']> &
  z.infer<Groups['Positions']> &
  z.infer<Groups['Payments']> &
  z.infer<Groups['Monitoring']> &
  z.infer<Groups['Limits']>
export type SettingRow = About & { readonly name: keyof Values; readonly group: keyof Groups }

/** One row per setting, for documentation. */
export function describeSettings(): SettingRow[] {
  return Object.entries(settingGroups).flatMap(([group, { shape }]) =>
    Object.entries(shape).map(([name, schema]: [string, z.ZodType]) => ({
      ...(schema.meta() as unknown as About),
      name: name as keyof Values,
      group: group as keyof Groups,
    })),
  )
}
