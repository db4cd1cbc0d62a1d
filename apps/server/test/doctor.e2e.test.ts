import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nobodyThere, serveFar } from './far-server.ts'
import { freePort, makeDataDir, runScript, statusOf } from './server-process.ts'

const PATIENCE = { timeout: 60_000, interval: 100 }

let folder: Awaited<ReturnType<typeof makeDataDir>>
let env: Record<string, string>
beforeAll(async () => {
  folder = await makeDataDir()
  env = { DATA_DIR: folder.path, PORT: String(await freePort()) }
})
afterAll(() => folder.remove())

async function doctor(more: Record<string, string> = {}, ...args: string[]) {
  const run = runScript('toota.mjs', ['doctor', ...args], { ...env, ...more })
  const code = await run.exited
  // A source newer than the build is built first, which is said before.
  const output = run.output().replace(/^Building .*\n/gm, '')
  return { code, output, lines: output.trim().split('\n') }
}

describe('npm run toota -- doctor', () => {
  it(
    '[OP16] [OP17] says one line each and exits 0, before the first start and while the server runs',
    { timeout: 180_000 },
    async () => {
      const before = await doctor()
      expect(before.code, before.output).toBe(0)
      for (const line of before.lines)
        expect(line).toMatch(/^(ok {3}|warn )\S.* {2,}|^(ok {3}|warn )public URL /)
      expect(before.output).toMatch(/^ok +database +PostgreSQL/m)
      expect(before.output).toMatch(/^warn database +migrations missing: 0001-accounts, .* → run /m)
      expect(before.output).toMatch(/^ok +port +.* is free/m)

      const server = runScript('start.mjs', [], env)
      await expect.poll(() => statusOf(`http://127.0.0.1:${env['PORT']}/readyz`), PATIENCE).toBe(200)
      const during = await doctor()
      expect(during.code, during.output).toBe(0)
      expect(during.output).not.toContain('migrations missing')
      expect(during.output).toMatch(/^ok +port +Toota answers/m)
      expect(await statusOf(`http://127.0.0.1:${env['PORT']}/readyz`)).toBe(200)
      server.child.kill('SIGTERM')
      expect(await server.exited).toBe(0)
    },
  )

  it(
    '[OP16] [OP18] [OP19] exits 1 when something fails, tells the same as JSON, and no secret',
    { timeout: 120_000 },
    async () => {
      const secrets = {
        SECRET_KEY: 'the-key-of-the-server-0123456789-abcdef',
        EMAIL_HOST_PASSWORD: 'the-password-of-mail',
        GOOGLE_MAPS_API_KEY: 'the-key-for-google',
        S3_SECRET_ACCESS_KEY: 'the-secret-of-the-store',
      }
      const google = await serveFar((response, { headers }) =>
        response
          .writeHead(403)
          .end(
            JSON.stringify({ error: { status: 'PERMISSION_DENIED', message: headers['x-goog-api-key'] } }),
          ),
      )
      const nobody = new URL(await nobodyThere())
      const broken = {
        ...secrets,
        DATABASE_URL: `postgresql://toota:the-password-of-postgres@${nobody.host}/toota`,
        EMAIL_HOST: '127.0.0.1',
        EMAIL_PORT: nobody.port,
        EMAIL_HOST_USER: 'toota@example.org',
        GOOGLE_ROUTES_URL: google.baseUrl,
        OSRM_URL: nobody.origin,
        S3_ENDPOINT: nobody.origin,
        S3_BUCKET: 'pictures',
        S3_ACCESS_KEY_ID: 'id',
      }
      const asText = await doctor(broken)
      const asJson = await doctor(broken, '--json')
      expect([asText.code, asJson.code]).toEqual([1, 1])
      expect(asText.output).toMatch(/^fail router +Google Routes: .*403 PERMISSION_DENIED.* → /m)
      expect(asJson.lines).toHaveLength(1)
      const { status, findings } = JSON.parse(asJson.output) as {
        status: string
        findings: { check: string; state: string }[]
      }
      expect(status).toBe('fail')
      expect(findings.filter(({ state }) => state === 'fail').map(({ check }) => check)).toEqual([
        'database',
        'mail',
        'router',
        'router',
        'storage',
      ])
      expect(findings.map(({ state }) => state.padEnd(5))).toEqual(
        asText.lines.map((line) => line.slice(0, 5)),
      )
      for (const secret of [...Object.values(secrets), 'the-password-of-postgres'])
        expect(asText.output + asJson.output).not.toContain(secret)
    },
  )

  it('[OP26] faults of the settings are lines of it too', { timeout: 60_000 }, async () => {
    const { code, lines } = await doctor({ PORT: 'abc', SECRET_KEY: 'guessable', DEBUG: 'false' })
    expect(code).toBe(1)
    expect(lines).toEqual([
      expect.stringMatching(/^fail settings +PORT: /),
      expect.stringMatching(/^fail settings +SECRET_KEY: /),
    ])
    expect(lines.join()).not.toContain('guessable')
  })
})
