import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { withTables } from './protocol-document.ts'

const PATH = new URL('../../../docs/protocol.md', import.meta.url)

it('[DO19] docs/protocol.md lists the frames, events and close codes of the contract', () => {
  const document = readFileSync(PATH, 'utf8')
  if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(PATH, withTables(document))
  expect(readFileSync(PATH, 'utf8')).toBe(withTables(document))
})

it('[DO19] every rule that the page names is one of the live socket', () => {
  const rules = readFileSync(new URL('../src/features/live/RULES.md', import.meta.url), 'utf8')
  const named = readFileSync(PATH, 'utf8').match(/\bLV\d+\b/g) ?? []
  const known = new Set(rules.match(/\bLV\d+\b/g))
  expect(named.filter((rule) => !known.has(rule))).toEqual([])
  expect(new Set(named)).toEqual(known)
})
