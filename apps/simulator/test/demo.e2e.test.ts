import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Summary } from '../src/summary.ts'

const root = resolve(import.meta.dirname, '../../..')
const temporary = mkdtempSync(join(tmpdir(), 'toota-demo-test-'))
// Started by root, PostgreSQL runs as another user, who must get through to his data.
chmodSync(temporary, 0o711)
afterEach(() => rmSync(temporary, { recursive: true, force: true }))

function runDemo(args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const env = {
    ...process.env,
    // The demo's own folder goes in here, so that what it leaves behind can be seen.
    TMPDIR: temporary,
    OFFER_TIMEOUT_SECONDS: '2',
  }
  const child = spawn(process.execPath, [join(root, 'scripts/demo.mjs'), ...args], { cwd: root, env })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString('utf8')))
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString('utf8')))
  return new Promise((done) => child.once('close', (code) => done({ code, stdout, stderr })))
}

describe('npm run demo', () => {
  it(
    '[SI13] starts a server, plays five trips to their ends, and leaves nothing behind',
    { timeout: 120_000 },
    async () => {
      const size = ['--trips', '5', '--drivers', '8', '--customers', '3']
      const { code, stdout, stderr } = await runDemo([
        ...size,
        '--seed',
        '1',
        '--limit',
        '1',
        '--own-server',
        '--json',
      ])

      expect(code, stderr + stdout).toBe(0)
      const summary = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>
      expect(summary, stderr).toMatchObject({ trips: 5, completed: 4, cancelled: 1, stuck: 0, troubles: [] })
      expect(summary, stderr).toMatchObject({ offersRejected: 1, offersExpired: 1 })
      expect(summary, stderr).toMatchObject({ faults: [], cardsDeclined: 1, refunded: { trips: 1 } })
      const { paid, earned, ...money } = summary as unknown as Summary
      const ways = [paid.cash, paid.card, paid.mobile_money]
      for (const way of ways) expect(way.minor).toBeGreaterThan(0)
      const minor = ways.reduce((sum, way) => sum + way.minor, money.credit.minor)
      expect(minor).toBe(money.fareMinor)
      expect((earned?.earningsMinor ?? 0) + (earned?.commissionMinor ?? 0)).toBe(money.fareMinor)
      expect(earned?.creditLeftMinor).toBe(money.overMinor - money.credit.minor)
      expect(money.refunded.minor).toBeGreaterThan(0)
      expect(readdirSync(temporary)).toEqual([])
    },
  )
})
