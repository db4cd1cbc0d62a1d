import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'

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
      expect(summary['cashMinor']).toBe(summary['fareMinor'])
      expect(summary['cashMinor']).toBeGreaterThan(0)
      expect(readdirSync(temporary)).toEqual([])
    },
  )
})
