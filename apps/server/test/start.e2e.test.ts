import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, makeDataDir, runScript, statusOf, type Run } from './server-process.ts'

const PATIENCE = { timeout: 60_000, interval: 100 }

let folder: Awaited<ReturnType<typeof makeDataDir>>
let env: Record<string, string>
let base: string
beforeAll(async () => {
  folder = await makeDataDir()
  const port = await freePort()
  env = { DATA_DIR: folder.path, PORT: String(port) }
  base = `http://127.0.0.1:${port}`
})
afterAll(() => folder.remove())

async function start(): Promise<Run> {
  const run = runScript('start.mjs', [], env)
  await expect.poll(() => statusOf(`${base}/readyz`), PATIENCE).toBe(200)
  await expect.poll(() => run.output(), PATIENCE).toContain('Toota is running')
  return run
}

async function toota(...args: string[]): Promise<{ code: number | null; output: string }> {
  const run = runScript('toota.mjs', args, env)
  const code = await run.exited
  return { code, output: run.output() }
}

const logIn = (email: string, password: string) =>
  fetch(`${base}/auth/login/user/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })

describe('npm start and npm run toota', () => {
  it(
    '[OP10] [OP11] [OP12] [OP14] start, say where everything is, take commands, survive kill -9, stop in order',
    { timeout: 180_000 },
    async () => {
      const first = await start()
      for (const line of [
        base,
        '/swagger/',
        '/dev/mail',
        folder.path,
        'customer@demo.toota.test',
        'driver@demo.toota.test',
      ]) {
        expect(first.output()).toContain(line)
      }
      for (const page of [
        '/',
        '/healthz',
        '/swagger/',
        '/swagger-docs/',
        '/redoc/',
        '/swagger.json',
        '/swagger.yaml',
        '/dev/mail',
      ]) {
        expect(await statusOf(base + page), page).toBe(200)
      }
      expect((await logIn('customer@demo.toota.test', 'bakkie-on-demand')).status).toBe(200)

      const second = runScript('start.mjs', [], env)
      expect(await second.exited).toBe(1)
      expect(second.output()).toContain(`process ${String(first.child.pid)}`)

      const created = await toota(
        'account',
        'create',
        '--role',
        'customer',
        '--email',
        'new@example.org',
        '--password',
        'a long enough one',
      )
      expect(created).toMatchObject({ code: 0, output: expect.stringContaining('customer ') as string })
      expect(await toota('driver', 'approve', 'driver@demo.toota.test')).toMatchObject({ code: 0 })
      expect(await toota('driver', 'approve', 'nobody@example.org')).toMatchObject({ code: 1 })
      expect(
        await toota('trip', 'cancel', '00000000-0000-4000-8000-000000000000', '--reason', 'test'),
      ).toMatchObject({ code: 1 })
      expect(await toota('trip', 'cancel')).toMatchObject({
        code: 2,
        output: expect.stringContaining('Usage') as string,
      })
      expect(await toota('migrate')).toMatchObject({ code: 0, output: 'nothing to apply\n' })

      first.child.kill('SIGKILL')
      await first.exited
      const again = await start()
      expect((await logIn('new@example.org', 'a long enough one')).status).toBe(200)
      expect(again.output()).not.toContain('Demo customer')

      const production = { SECRET_KEY: 'x'.repeat(40), DEBUG: 'false' }
      again.child.kill('SIGINT')
      expect(await again.exited).toBe(0)
      expect(again.output()).toContain('stopped')
      expect(await statusOf(base)).toBe(0)

      env = { ...env, ...production }
      const forOthers = await start()
      expect((await logIn('customer@demo.toota.test', 'bakkie-on-demand')).status).toBe(400)
      expect(await statusOf(`${base}/dev/mail`)).toBe(404)
      forOthers.child.kill('SIGTERM')
      expect(await forOthers.exited).toBe(0)
      expect(await toota('migrate')).toMatchObject({ code: 0, output: 'nothing to apply\n' })
    },
  )

  it(
    '[OP13] says what the operator can mend in a line each, and starts nothing',
    { timeout: 60_000 },
    async () => {
      const run = runScript('start.mjs', [], {
        ...env,
        DEBUG: 'false',
        SECRET_KEY: 'guessable',
        PORT: 'abc',
        OFFER_TIMEOUT_SECONDS: '-1',
      })
      expect(await run.exited).toBe(1)
      const lines = run
        .output()
        .split('\n')
        .filter((line) => /^(SECRET_KEY|PORT|OFFER_TIMEOUT_SECONDS): /.test(line))
      expect(lines).toHaveLength(3)
      expect(run.output()).not.toContain('guessable')
      expect(run.output()).not.toMatch(/^\s+at /m)
    },
  )
})
