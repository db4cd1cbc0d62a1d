import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const ROOT = new URL('../../', import.meta.url)
const DOCUMENT = new URL('../../docs/faults.md', ROOT)

/** What must have a row: nothing is left out without a word about it. */
const FAULTS = [
  'node killed in the middle of a request or an offer',
  'node frozen, then thawed',
  'graceful deploy',
  'PostgreSQL restarts or crashes',
  'PostgreSQL is slow, or a lock stays',
  'the way to PostgreSQL swallows everything',
  'connection lost during COMMIT',
  'embedded database: a second process, half-written files, a stale lock',
  'Redis is gone',
  'Redis is flushed',
  'Redis hangs',
  'a partition between two nodes at Redis',
  'client flapping',
  'half-open connection, new address',
  'slow reader',
  'mass reconnect',
  'gateway: time-out, 5xx, slow, done but the answer lost, wrong JSON',
  'webhooks repeated, reordered, late, missing, forged, early',
  'mail provider down',
  'routing service down',
  "a node's clock ±2 h",
  'disk full',
  'no file descriptor left',
  'event loop blocked for seconds',
  'poison message',
  'old client, new server; a migration half done',
]

it('[FT70] the table of faults has every row, and each names a test that is there and says so itself', () => {
  const rows = readFileSync(DOCUMENT, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| fault ') && !line.startsWith('| ---'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  expect(rows.map((cells) => cells[1])).toEqual(FAULTS)
  for (const [, fault, expected, observed, played = ''] of rows) {
    expect([expected, observed].every(Boolean), fault).toBe(true)
    const tests = [...played.matchAll(/`([^`]+)` \[(\w+)\]/g)]
    expect(tests.length, fault).toBeGreaterThan(0)
    for (const [, path = '', rule = ''] of tests) {
      expect(existsSync(new URL(path, ROOT)), path).toBe(true)
      expect(readFileSync(new URL(path, ROOT), 'utf8'), path).toMatch(new RegExp(`\\[(\\w+, )*${rule}\\b`))
    }
  }
})
