import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError, loadConfig } from '../../config.ts'

describe('the settings of payments', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'toota-payments-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const load = (environment: Record<string, string> = {}) => loadConfig(folder, environment)
  const faults = (environment: Record<string, string>): string[] => {
    try {
      load(environment)
      return []
    } catch (error) {
      if (error instanceof ConfigError) return error.message.split('\n')
      throw error
    }
  }

  const outside = { DEBUG: 'false', SECRET_KEY: 'x9$$K#(p*=Q'.repeat(4) }
  const keys = {
    PAYSTACK_SECRET_KEY: 'sk_live_1',
    FLUTTERWAVE_SECRET_KEY: 'FLWSECK-1-X',
    FLUTTERWAVE_WEBHOOK_SECRET: 'new,old',
    YOCO_SECRET_KEY: 'sk_live_2',
    YOCO_WEBHOOK_SECRET: 'whsec_bmV3,whsec_b2xkZXI=',
  }

  it('[GW18] in DEBUG the test gateway plays all payments until a key is set', () => {
    expect(load().gateways).toEqual({
      ...{ paystack: undefined, flutterwave: undefined, yoco: undefined },
      ...{ zaGateway: 'paystack', usesTestGateway: true },
    })
    const usesTest = (environment: Record<string, string>) => load(environment).gateways.usesTestGateway
    expect(usesTest({ TEST_GATEWAY: 'off' })).toBe(false)
    expect(usesTest({ YOCO_SECRET_KEY: 'sk_test_1' })).toBe(false)
    expect(usesTest(outside)).toBe(false)
    const both = load({ ...keys, TEST_GATEWAY: 'on' })
    expect(both.gateways.usesTestGateway).toBe(true)
    expect(both.warnings).toEqual(
      ['PAYSTACK', 'FLUTTERWAVE', 'YOCO'].map(
        (name) => `TEST_GATEWAY is on: ${name}_SECRET_KEY is not used.`,
      ),
    )
    expect(faults({ ...outside, TEST_GATEWAY: 'on' })).toEqual([
      'TEST_GATEWAY: is for DEBUG only; with it, trips are driven for money that does not exist',
    ])
  })

  it('[GW20] each gateway is set by its key, with its secrets and without slashes at its address', () => {
    const { gateways, warnings } = load({
      ...outside,
      ...keys,
      PAYSTACK_PREVIOUS_SECRET_KEY: 'sk_live_0',
      FLUTTERWAVE_BASE_URL: 'https://flutterwave.example/v3//',
      FLUTTERWAVE_SIGNATURE: 'hex',
      ZA_GATEWAY: 'yoco',
    })
    expect(gateways).toEqual({
      paystack: {
        ...{ baseUrl: 'https://api.paystack.co', secretKey: 'sk_live_1', previousSecretKey: 'sk_live_0' },
      },
      flutterwave: {
        ...{ baseUrl: 'https://flutterwave.example/v3', secretKey: 'FLWSECK-1-X' },
        ...{ webhookSecrets: ['new', 'old'], signature: 'hex' },
      },
      yoco: {
        ...{ baseUrl: 'https://payments.yoco.com', secretKey: 'sk_live_2' },
        webhookSecrets: ['whsec_bmV3', 'whsec_b2xkZXI='],
      },
      zaGateway: 'yoco',
      usesTestGateway: false,
    })
    expect(warnings).toEqual([])
    expect(faults({ ...outside, ZA_GATEWAY: 'yoco' })).toEqual([
      'YOCO_SECRET_KEY: is missing, though ZA_GATEWAY is yoco',
    ])
    expect(load({ ZA_GATEWAY: 'yoco' }).gateways.usesTestGateway).toBe(true)
  })

  it('[GW20] webhooks without a secret and play money outside DEBUG are warned of', () => {
    const played = {
      PAYSTACK_SECRET_KEY: 'sk_test_1',
      FLUTTERWAVE_SECRET_KEY: 'FLWSECK_TEST-1-X',
      YOCO_SECRET_KEY: 'sk_test_2',
    }
    const unsigned = [
      /^FLUTTERWAVE_WEBHOOK_SECRET is not set: webhooks of flutterwave are refused/,
      /^YOCO_WEBHOOK_SECRET is not set/,
    ].map((words) => expect.stringMatching(words) as string)
    const testKeys = Object.keys(played).map(
      (name) => expect.stringMatching(new RegExp(`^${name} is a test key`)) as string,
    )
    expect(load(played).warnings).toEqual(unsigned)
    expect(load({ ...outside, ...played }).warnings).toEqual([...unsigned, ...testKeys])
  })

  it('[GW20] outside DEBUG keys leave this machine by https alone', () => {
    const urls = {
      PAYSTACK_BASE_URL: 'http://paystack.example',
      FLUTTERWAVE_BASE_URL: 'http://127.example.com',
      YOCO_BASE_URL: 'http://[::2]:8080',
    }
    const lines = faults({ ...outside, ...urls })
    expect(lines).toHaveLength(3)
    for (const [index, name] of Object.keys(urls).entries())
      expect(lines[index]).toMatch(new RegExp(`^${name}: is not encrypted`))
    expect(faults(urls)).toEqual([])
    for (const url of ['http://127.0.0.1:1', 'http://localhost', 'http://[::1]/x', 'https://far.example'])
      expect(faults({ ...outside, PAYSTACK_BASE_URL: url })).toEqual([])
  })

  it('[GW21] commission, tax and limits are set for all markets or for one', () => {
    const { settings } = load()
    expect(settings).toMatchObject({
      commissionBasisPoints: { ZA: 2_000, NG: 2_000, KE: 2_000, GH: 2_000 },
      taxBasisPoints: { ZA: 0, NG: 0, KE: 0, GH: 0 },
      taxNumbers: {},
      cashFloatLimitMinor: { ZA: 50_000, NG: 4_000_000, KE: 400_000, GH: 40_000 },
      minPayoutMinor: { ZA: 5_000, NG: 200_000, KE: 20_000, GH: 3_000 },
      companyName: 'Toota',
      companyAddress: undefined,
    })
    expect(
      load({
        COMMISSION_PERCENT: '20, ng:18.5',
        TAX_PERCENT: 'ZA:15.5',
        TAX_NUMBERS: 'ZA:4123456789, ke:P051 234',
        CASH_FLOAT_LIMIT: '0',
        MIN_PAYOUT: 'GH:0.01',
        COMPANY_NAME: 'Toota (Pty) Ltd',
        COMPANY_ADDRESS: '1 Long Street, Cape Town',
      }).settings,
    ).toMatchObject({
      commissionBasisPoints: { ZA: 2_000, NG: 1_850, KE: 2_000, GH: 2_000 },
      taxBasisPoints: { ZA: 1_550, NG: 0, KE: 1_600, GH: 0 },
      taxNumbers: { ZA: '4123456789', KE: 'P051 234' },
      cashFloatLimitMinor: { ZA: 0, NG: 0, KE: 0, GH: 0 },
      minPayoutMinor: { ZA: 5_000, NG: 200_000, KE: 20_000, GH: 1 },
      companyName: 'Toota (Pty) Ltd',
      companyAddress: '1 Long Street, Cape Town',
    })
  })

  it.each([
    ...['101', '-1', '20%', '1.234', 'US:20', 'ZA', 'ZA:', '20,30', 'ZA:1,za:2', '20,', 'NaN', '1e1'].map(
      (value) => ({ COMMISSION_PERCENT: value }),
    ),
    { CASH_FLOAT_LIMIT: '1000000000' },
    { TAX_NUMBERS: '4123456789' },
    { TAX_NUMBERS: 'ZA:1,ZA:2' },
    { TAX_NUMBERS: 'US:1' },
    { TAX_NUMBERS: 'ZA: ' },
    { ZA_GATEWAY: 'flutterwave' },
    { FLUTTERWAVE_SIGNATURE: 'none' },
  ])('[GW21] refuses %o', (environment: Record<string, string>) => {
    expect(faults(environment)[0]).toMatch(new RegExp(`^${Object.keys(environment)[0]!}: ".*" is not `))
  })
})
