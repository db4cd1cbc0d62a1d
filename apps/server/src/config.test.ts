import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { envExample } from './config/env-example.ts'
import { parseEnvFile } from './config/env-file.ts'
import { describeSettings } from './config/settings.ts'
import { ConfigError, loadConfig } from './config.ts'

const STRONG = 'x9$$K#(p*=Q'.repeat(4)

describe('the settings', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'toota-config-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const load = (environment: Record<string, string> = {}, envFile = '') => {
    writeFileSync(join(folder, '.env'), envFile)
    return loadConfig(folder, environment)
  }
  const faults = (environment: Record<string, string>, envFile = ''): string[] => {
    try {
      load(environment, envFile)
      return []
    } catch (error) {
      if (error instanceof ConfigError) return error.message.split('\n')
      throw error
    }
  }

  it('[CF1] need nothing to be set', () => {
    const { settings, http, database, mail, data, warnings } = load()
    expect(http).toEqual({
      host: '127.0.0.1',
      port: 8000,
      trustProxyHops: 0,
      drainSeconds: 0,
      corsOrigins: 'any',
    })
    expect(database).toEqual({ url: undefined, directUrl: undefined, poolSize: 10 })
    expect(data).toEqual({ dir: join(folder, 'data'), isDirExplicit: false })
    expect(mail.smtp).toBeUndefined()
    expect(settings).toMatchObject({
      isDebug: true,
      driverApproval: 'auto',
      offerTimeoutSeconds: 30,
      defaultMarket: 'ZA',
    })
    expect(warnings).toEqual([])
  })

  it('[CF2] are read literally from .env', () => {
    const { values, faults } = parseEnvFile(
      [
        '\uFEFF# a comment',
        '',
        'SECRET_KEY=a$$b#c(d)*=e ${HOME} # not a comment\r',
        ' SPACED =  in the middle  ',
        `QUOTED="say "hi" # there"`,
        `SINGLE='it's'`,
        `HALF="open`,
        'EMPTY=',
        'ESCAPED=a\\nb',
      ].join('\n'),
    )
    expect(faults).toEqual([])
    expect(Object.fromEntries(values)).toEqual({
      SECRET_KEY: 'a$$b#c(d)*=e ${HOME} # not a comment',
      SPACED: 'in the middle',
      QUOTED: 'say "hi" # there',
      SINGLE: "it's",
      HALF: '"open',
      EMPTY: '',
      ESCAPED: 'a\\nb',
    })
  })

  it('[CF3] come from the environment first, and an empty value is none', () => {
    expect(load({ PORT: '9000' }, 'PORT=9001\nHOST=localhost').http).toMatchObject({
      port: 9000,
      host: 'localhost',
    })
    expect(load({ PORT: '' }, 'PORT=9001').http.port).toBe(9001)
    expect(load({ PORT: '' }, 'PORT=').http.port).toBe(8000)
  })

  it('[CF4] are refused with one line for each fault, all at once', () => {
    expect(
      faults(
        { PORT: 'abc', OFFER_TIMEOUT_SECONDS: '0', DEBUG: 'maybe', CORS_ORIGINS: 'https://a.example/path' },
        'no assignment\nDRIVER_APPROVAL=perhaps\nOSRM_URL=ftp://x',
      ),
    ).toEqual([
      '.env line 1: is not of the form NAME=value',
      'PORT: "abc" is not a whole number between 1 and 65535',
      'DEBUG: "maybe" is not true or false',
      'CORS_ORIGINS: "https://a.example/path" is not a comma-separated list of origins like https://app.example.com',
      'OFFER_TIMEOUT_SECONDS: "0" is not a number of seconds above 0 and up to 600',
      'DRIVER_APPROVAL: "perhaps" is not one of manual, auto',
      'OSRM_URL: "ftp://x" is not a URL that starts with http:// or https://',
    ])
  })

  it.each([
    { PORT: '0' },
    { PORT: '65536' },
    { PORT: '80.5' },
    { PORT: '1e3' },
    { PORT: '-1' },
    { OFFER_TIMEOUT_SECONDS: '601' },
    { OFFER_TIMEOUT_SECONDS: 'NaN' },
    { OFFER_TIMEOUT_SECONDS: 'Infinity' },
    { DATABASE_POOL_SIZE: '1' },
    { LIMIT_LOGINS: '10' },
    { LIMIT_LOGINS: '0/60' },
    { HOST: 'http://x' },
    { HOST: 'a b' },
    { DEFAULT_MARKET: 'US' },
    { CONTACTS_FROM: 'always' },
    { EMAIL_FROM: 'nobody' },
    { EMAIL_FROM: 'a@b\r\nBcc: c@d' },
    { DEBUG: 'constructor' },
  ])('[CF4] refuses %o', (environment: Record<string, string>) => {
    expect(faults(environment)[0]).toMatch(new RegExp(`^${Object.keys(environment)[0]!}: ".*" is not `))
  })

  it('[CF5] never show a secret when they complain', () => {
    const secrets = {
      DATABASE_URL: 'mysql://toota:hunter2@db/toota',
      DIRECT_URL: 'hunter2',
      SECRET_KEY: 'hunter2\u0007',
      EMAIL_HOST_PASSWORD: 'hunter2\n',
      GOOGLE_MAPS_API_KEY: 'hunter2\u0001',
      REDIS_URL: 'redis://:hunter2@a,b',
      S3_SECRET_ACCESS_KEY: 'hunter2\t',
      PAYSTACK_SECRET_KEY: 'hunter2 hunter2',
      PAYSTACK_PREVIOUS_SECRET_KEY: 'hunter2\u00e9',
      FLUTTERWAVE_SECRET_KEY: 'hunter2\u0000',
      FLUTTERWAVE_WEBHOOK_SECRET: 'hunter2,,hunter2',
      YOCO_SECRET_KEY: 'hunter2 hunter2',
      YOCO_WEBHOOK_SECRET: 'hunter2',
    }
    const lines = faults(secrets, 'hunter2 hunter2')
    expect(lines).toHaveLength(14)
    expect(lines.join()).not.toContain('hunter2')
    expect(
      describeSettings()
        .filter(({ isSecret }) => isSecret)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(Object.keys(secrets).sort())
  })

  it('[CF6] DEBUG is on only where nobody else can come, unless it is set', () => {
    const isDebug = (environment: Record<string, string>) =>
      load({ SECRET_KEY: STRONG, ...environment }).settings.isDebug
    expect(isDebug({ HOST: '127.0.0.2' })).toBe(true)
    expect(isDebug({ HOST: 'localhost' })).toBe(true)
    expect(isDebug({ HOST: '::1' })).toBe(true)
    expect(isDebug({ HOST: '0.0.0.0' })).toBe(false)
    expect(isDebug({ HOST: '127.example.com' })).toBe(false)
    expect(isDebug({ DATABASE_URL: 'postgres://u:p@db/toota' })).toBe(false)
    expect(isDebug({ DEBUG: 'false' })).toBe(false)
    expect(isDebug({ DATABASE_URL: 'postgres://u:p@db/toota', DEBUG: 'True' })).toBe(true)
    const loud = load({ HOST: '0.0.0.0', DEBUG: 'true' })
    expect(loud.settings.isDebug).toBe(true)
    expect(loud.warnings.join()).toContain('DEBUG=true on HOST 0.0.0.0')
  })

  it('[CF7] a missing, short or published SECRET_KEY stops the start outside DEBUG', () => {
    expect(faults({ DEBUG: 'false' })[0]).toMatch(/^SECRET_KEY: is missing;/)
    expect(faults({ DEBUG: 'false', SECRET_KEY: 'x'.repeat(31) })[0]).toMatch(
      /^SECRET_KEY: is shorter than 32 bytes;/,
    )
    expect(load({ DEBUG: 'false', SECRET_KEY: 'é'.repeat(16) }).settings.secretKey).toBe('é'.repeat(16))
    expect(load({ SECRET_KEY: 'short' }).warnings.join()).toContain('shorter than 32 bytes')
  })

  it('[CF8] in DEBUG a key is made once, for its owner only', () => {
    const key = load().settings.secretKey
    expect(key.length).toBeGreaterThanOrEqual(48)
    expect(load().settings.secretKey).toBe(key)
    expect(load({ DATA_DIR: 'elsewhere' }).settings.secretKey).not.toBe(key)
    expect(statSync(join(folder, 'data', 'secret-key')).mode & 0o777).toBe(0o600)
    writeFileSync(join(folder, 'data', 'secret-key'), '')
    expect(faults({})[0]).toMatch(/^DATA_DIR: .*secret-key is damaged/)
  })

  it('[CF9] mail goes where the original sent it, or where it is told', () => {
    const login = { EMAIL_HOST_USER: 'trips@example.com', EMAIL_HOST_PASSWORD: 'abcd efgh' }
    expect(load(login).mail).toEqual({
      from: 'trips@example.com',
      smtp: {
        host: 'smtp.gmail.com',
        port: 587,
        security: 'starttls',
        login: { user: 'trips@example.com', password: 'abcd efgh' },
      },
    })
    expect(
      load({ EMAIL_HOST: 'localhost', EMAIL_PORT: '25', EMAIL_USE_TLS: 'false', EMAIL_FROM: 'T <t@x.co>' })
        .mail,
    ).toEqual({
      from: 'T <t@x.co>',
      smtp: { host: 'localhost', port: 25, security: 'none', login: undefined },
    })
    expect(load({ ...login, EMAIL_USE_SSL: '1' }).mail.smtp?.security).toBe('tls')
    expect(
      faults({ EMAIL_HOST_USER: 'me', EMAIL_USE_SSL: '1', EMAIL_USE_TLS: '1', DIRECT_URL: 'postgres://h/d' }),
    ).toEqual([
      'DIRECT_URL: is set without DATABASE_URL',
      'EMAIL_USE_TLS: cannot be true together with EMAIL_USE_SSL',
      'EMAIL_HOST_PASSWORD: is missing, though EMAIL_HOST_USER is set',
      'EMAIL_FROM: is missing; it is needed where EMAIL_HOST_USER is no e-mail address',
    ])
  })

  it('[RD1] several nodes are warned of what they would not share', () => {
    const outside = { DATABASE_URL: 'postgres://h/d', SECRET_KEY: 'k'.repeat(40), REDIS_URL: 'redis://r' }
    const s3 = { S3_ENDPOINT: 'https://s3', S3_BUCKET: 'b', S3_ACCESS_KEY_ID: 'i', S3_SECRET_ACCESS_KEY: 's' }
    const told = (more: Record<string, string>): string => load({ ...outside, ...more }).warnings.join()
    expect(told({})).toContain('REDIS_URL without S3_ENDPOINT')
    expect(told(s3)).not.toContain('REDIS_URL')
    expect(load({ REDIS_URL: 'redis://r' }).warnings.join()).toContain('REDIS_URL without DATABASE_URL')
  })

  it('[CF10] names in .env that mean nothing are told', () => {
    expect(load({}, 'OFER_TIMEOUT_SECONDS=3').warnings).toEqual([
      '.env sets what this version does not use: OFER_TIMEOUT_SECONDS.',
    ])
  })

  it('[CF11] .env.example is what the schema says, and harmless when copied', () => {
    const committed = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8')
    expect(committed, 'run: node scripts/env-example.mjs').toBe(envExample())
    expect([...parseEnvFile(committed).values]).toEqual([])
    const names = describeSettings().map(({ name }) => name)
    expect(committed.match(/^#[A-Z0-9_]+=/gm)).toEqual(names.map((name) => `#${name}=`))
    const uncommented = committed.replace(/^#(?=[A-Z0-9_]+=)/gm, '')
    expect(load({}, uncommented)).toEqual({
      ...load(),
      data: { dir: join(folder, 'data'), isDirExplicit: true },
    })
  })
})
