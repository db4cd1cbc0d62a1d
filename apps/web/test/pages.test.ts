import { VEHICLE_CLASSES } from '@toota/contract'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contrast, tokensOf } from './contrast.ts'

const web = join(import.meta.dirname, '..')
const BUDGET_BYTES = 20 * 1024

describe('the built pages', () => {
  let dist: string
  let page: string
  const read = (name: string) => readFileSync(join(dist, name), 'utf8')
  const files = () =>
    readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())

  beforeAll(async () => {
    dist = mkdtempSync(join(tmpdir(), 'toota-web-'))
    await build({ configFile: join(web, 'vite.config.ts'), logLevel: 'error', build: { outDir: dist } })
    page = read('index.html')
  })
  afterAll(() => rmSync(dist, { recursive: true, force: true }))

  const loaded = () =>
    [...page.matchAll(/<(?:link|script|img)[^>]+(?:href|src)="(\/[^"]+)"/g)].map((match) =>
      match[1]!.slice(1),
    )

  it('[WB1] every file the page loads is in the build', () => {
    const built = files().map((entry) => join(entry.parentPath, entry.name))
    expect(loaded().length).toBeGreaterThanOrEqual(2)
    for (const name of loaded()) expect(built).toContain(join(dist, name))
  })

  it('[WB2] nothing is asked of another host', () => {
    for (const entry of files()) {
      const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
      const urls = text
        .replaceAll('http://www.w3.org/2000/svg', '')
        .match(/(?:https?:)?\/\/[a-z0-9.-]+\.[a-z]{2,}/gi)
      expect(urls, entry.name).toBeNull()
    }
  })

  it('[WB2] there is no inline script or style', () => {
    expect(page).not.toMatch(/<style|<script(?![^>]*\bsrc=)|\sstyle="|\son[a-z]+="/i)
  })

  it('[WB3] the page with all it loads fits the budget', () => {
    const bytes = ['index.html', ...loaded()].reduce((sum, name) => sum + gzipSync(read(name)).length, 0)
    expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES)
  })

  it.each(['/swagger/', '/redoc/', '/swagger.json', '/swagger.yaml', '/healthz', '/readyz', '/dev/mail'])(
    '[WB4] the page leads to %s',
    (path) => {
      expect(page).toContain(`href="${path}"`)
    },
  )

  it('[WB4] links within the page arrive somewhere', () => {
    for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${id!}"`)
  })

  it('[WB5] every vehicle class is shown', () => {
    const shown = [...page.matchAll(/<h3>([^<]+)<\/h3>/g)].map((match) => match[1]!.toLowerCase())
    for (const name of VEHICLE_CLASSES) {
      expect(shown).toContain(name.replace(/^truck-([\d.]+)t$/, '$1 ton'))
    }
  })

  it('[WB7] the page has language, title, description and headings in order', () => {
    expect(page).toMatch(/<html lang="en">/)
    expect(page).toMatch(/<title>[^<]{10,70}<\/title>/)
    expect(page.replaceAll(/\s+/g, ' ')).toMatch(/<meta name="description" content="[^"]{50,170}"/)
    const levels = [...page.matchAll(/<h([1-6])[\s>]/g)].map((match) => Number(match[1]))
    expect(levels.filter((level) => level === 1)).toEqual([1])
    levels.forEach((level, index) => expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1))
  })
})

describe('the colours', () => {
  const schemes = tokensOf(readFileSync(join(web, 'src/styles/tokens.css'), 'utf8'))
  const pairs = [
    ['ink', 'paper'],
    ['ink', 'card'],
    ['ink-soft', 'paper'],
    ['ink-soft', 'card'],
    ['green', 'paper'],
    ['green-ink', 'green'],
    ['marigold-ink', 'marigold'],
    ['night-ink', 'night'],
    ['night-soft', 'night'],
    ['marigold', 'night'],
  ] as const

  it.each(pairs)('[WB6] %s on %s can be read', (text, ground) => {
    for (const [scheme, tokens] of Object.entries(schemes)) {
      expect(contrast(tokens[text]!, tokens[ground]!), scheme).toBeGreaterThanOrEqual(4.5)
    }
  })
})
