import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { faultsDocument } from './faults-document.ts'

const PATH = new URL('../../../../docs/gateway-faults.md', import.meta.url)

it('[PA8] [PA10] [PA15] the page for operators says what the tables of the tests say', () => {
  if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(PATH, faultsDocument())
  expect(readFileSync(PATH, 'utf8')).toBe(faultsDocument())
})
