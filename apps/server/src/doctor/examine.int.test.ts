import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { finding, useDoctor, type Env } from '../../test/doctor-findings.ts'
import { nobodyThere, serveFar } from '../../test/far-server.ts'
import { createBlobs } from '../platform/create-blobs.ts'
import { createLogger } from '../platform/log.ts'
import { checkStorage, judgeRoom } from './check-storage.ts'
import { hidingSecrets } from './hide-secrets.ts'

const { folder, configOf, findings } = useDoctor()

describe('the routers', () => {
  const google = '{"routes":[{"distanceMeters":14124,"duration":"1183s"}]}'
  const osrm = '{"code":"Ok","routes":[{"distance":15000,"duration":1000}]}'

  it('[OP22] each one set is asked for a route of its own', async () => {
    const one = await serveFar((response) => response.end(google))
    const two = await serveFar((response) => response.end(osrm))
    const env = { GOOGLE_MAPS_API_KEY: 'a-key', GOOGLE_ROUTES_URL: one.baseUrl, OSRM_URL: two.baseUrl }
    expect(await findings('router', env)).toEqual([
      finding('ok', /^Google Routes: Johannesburg to Sandton is 14\.1 km, 20 min; answered in \d+ ms$/),
      finding('ok', /^OSRM: Johannesburg to Sandton is 15\.0 km, 17 min; answered in \d+ ms$/),
    ])
    expect([one.requests.length, two.requests.length]).toEqual([1, 1])
  })

  it('[OP22] a refused key, a map of elsewhere and a dead server fail, each with what to mend', async () => {
    const refusing = await serveFar((response) =>
      response.writeHead(403).end('{"error":{"code":403,"message":"no","status":"PERMISSION_DENIED"}}'),
    )
    const elsewhere = await serveFar((response) => response.writeHead(400).end('{"code":"NoSegment"}'))
    expect(
      await findings('router', {
        GOOGLE_MAPS_API_KEY: 'a-key',
        GOOGLE_ROUTES_URL: refusing.baseUrl,
        OSRM_URL: elsewhere.baseUrl,
      }),
    ).toEqual([
      finding('fail', /403 PERMISSION_DENIED/, /GOOGLE_MAPS_API_KEY/),
      finding('fail', /no-route/, /DEFAULT_MARKET/),
    ])
    expect(await findings('router', { OSRM_URL: await nobodyThere() })).toEqual([
      finding('fail', /unreachable/, /OSRM_URL/),
    ])
    expect(await findings('router')).toEqual([finding('ok', /estimated/)])
  })

  it('[OP22] a slow one is worth a look', async () => {
    const slow = await serveFar((response) => void setTimeout(() => response.end(osrm), 2_100))
    expect(await findings('router', { OSRM_URL: slow.baseUrl })).toEqual([
      finding('warn', /answered in 2\d{3} ms/),
    ])
  })
})

describe('the storage', () => {
  const check = (env: Env, userId?: number) => {
    const config = configOf(env)
    return checkStorage(config, createBlobs(config, createLogger('silent')), userId)
  }

  it('[OP23] a file is written, read and removed, and the room left is told', async () => {
    const dataDir = join(folder(), 'fine')
    await mkdir(dataDir)
    expect(await findings('storage', { DATA_DIR: dataDir })).toEqual([
      finding('ok', /fine: a file was written, read and removed/),
      finding('ok', /^\d+(\.\d)? [MG]B free/),
    ])
    expect(await readdir(join(dataDir, 'pictures'))).toEqual([])
  })

  it('[OP23] what cannot be written to fails; what is another user’s is left alone', async () => {
    const broken = join(folder(), 'broken')
    await mkdir(broken)
    await writeFile(join(broken, 'pictures'), 'a file in the way')
    expect(await check({ DATA_DIR: broken })).toContainEqual(finding('fail', /broken: /, /DATA_DIR/))

    const foreign = join(folder(), 'foreign')
    await mkdir(foreign)
    expect(await check({ DATA_DIR: foreign, SECRET_KEY: 'x1'.repeat(24) }, 4711)).toEqual([
      finding('warn', /belongs to user \d+, this is user 4711/, /as the user/),
    ])
    expect(await readdir(foreign)).toEqual([])
  })

  it('[OP23] a bucket that refuses us fails, without its secret', async () => {
    const far = await serveFar((response) => response.writeHead(403).end('<Code>AccessDenied</Code>'))
    const found = await check({
      S3_ENDPOINT: far.baseUrl,
      S3_BUCKET: 'pictures',
      S3_ACCESS_KEY_ID: 'id',
      S3_SECRET_ACCESS_KEY: 'the-secret-of-the-store',
    })
    expect(found[0]).toEqual(finding('fail', /bucket pictures at 127\.0\.0\.1:\d+: .*403/, /S3_BUCKET/))
    expect(JSON.stringify(found)).not.toContain('the-secret-of-the-store')
  })

  it('[OP23] below 1 GB of room is worth a look, below 100 MB is too little', () => {
    expect([99, 100, 999, 1_000].map((megabytes) => judgeRoom(megabytes).state)).toEqual([
      'fail',
      'warn',
      'warn',
      'ok',
    ])
  })
})

describe('the address', () => {
  const production = { DEBUG: 'false', SECRET_KEY: 'x1'.repeat(24), HOST: '0.0.0.0' }

  it('[OP25] PUBLIC_URL is missed, or not encrypted, only where others reach us', async () => {
    const url = async (env: Env) => (await findings('public URL', env))[0]?.state
    expect(await url({})).toBe('ok')
    expect(await url(production)).toBe('warn')
    expect(await url({ ...production, PUBLIC_URL: 'http://api.example.org' })).toBe('warn')
    expect(await url({ ...production, PUBLIC_URL: 'https://api.example.org' })).toBe('ok')
  })

  it('[OP25] the port is free, ours, or another program’s', async () => {
    const at = (baseUrl: string) => findings('port', { PORT: new URL(baseUrl).port })
    expect(await at(await nobodyThere())).toEqual([finding('ok', /is free/)])
    const other = await serveFar((response) => response.end('<html>'))
    expect(await at(other.baseUrl)).toEqual([finding('fail', /another program/, /PORT/)])
    const ready = await serveFar((response) => response.end('{"status":"ready"}'))
    expect(await at(ready.baseUrl)).toEqual([finding('ok', /Toota answers/)])
    const drained = await serveFar((response) =>
      response.writeHead(503).end('{"status":"not ready","reason":"draining"}'),
    )
    expect(await at(drained.baseUrl)).toEqual([finding('fail', /not ready: draining/)])
  })
})

describe('the settings', () => {
  it('[OP26] their warnings are findings, and cash needs no gateway', async () => {
    expect(await findings('settings')).toEqual([finding('ok', /DEBUG is on/)])
    expect(await findings('settings', { HOST: '0.0.0.0' })).toEqual([finding('warn', /DEBUG=true on HOST/)])
    expect(await findings('payments', { TEST_GATEWAY: 'off' })).toEqual([finding('ok', /cash only/)])
  })

  it('[OP18] what another program repeats of our secrets is hidden', () => {
    const hide = hidingSecrets(
      configOf({
        SECRET_KEY: 'key-of-the-server',
        DATABASE_URL: 'postgresql://toota:p%40ss-word@127.0.0.1/toota',
        DIRECT_URL: 'postgresql://toota:direct-password@127.0.0.1/toota',
        EMAIL_HOST_USER: 'toota@example.org',
        EMAIL_HOST_PASSWORD: 'mail-password',
        GOOGLE_MAPS_API_KEY: 'google-key',
        S3_ENDPOINT: 'https://s3.example.org',
        S3_BUCKET: 'pictures',
        S3_ACCESS_KEY_ID: 'id',
        S3_SECRET_ACCESS_KEY: 'store-secret',
      }),
    )
    const told =
      'key-of-the-server p%40ss-word p@ss-word direct-password mail-password google-key store-secret pictures'
    expect(hide(told)).toBe(`${'(hidden) '.repeat(7)}pictures`)
  })
})
