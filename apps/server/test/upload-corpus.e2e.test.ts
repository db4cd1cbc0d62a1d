import { randomBytes } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { appendFile, JPEG, PNG } from './pictures.ts'
import { pngOf } from './png.ts'
import { freePort, makeDataDir, runScript, type Run } from './server-process.ts'
import { createTestDatabase } from './test-database.ts'

const PATIENCE = { timeout: 60_000, interval: 100 }
const ROUNDS = 3
const ALLOWED_GROWTH_MB = 50

let folder: Awaited<ReturnType<typeof makeDataDir>>
let database: Awaited<ReturnType<typeof createTestDatabase>>
let run: Run
let base: string
let token: string
beforeAll(async () => {
  ;[folder, database] = await Promise.all([makeDataDir(), createTestDatabase()])
  const port = String(await freePort())
  base = `http://127.0.0.1:${port}`
  run = runScript('start.mjs', [], {
    DATA_DIR: folder.path,
    DATABASE_URL: database.url,
    DEBUG: 'true',
    PORT: port,
    LIMIT_PICTURES: '10000/60',
    LOG_LEVEL: 'error',
  })
  // The demo accounts are there by then.
  await vi.waitUntil(() => run.output().includes('Toota is running'), PATIENCE)
  const login = { email: 'customer@demo.toota.test', password: 'bakkie-on-demand' }
  const response = await fetch(`${base}/auth/login/user/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(login),
  })
  token = ((await response.json()) as { access: string }).access
}, 120_000)
afterAll(async () => {
  run.child.kill('SIGTERM')
  await run.exited
  await database.drop()
  await folder.remove()
})

async function upload(content: Uint8Array, name = 'me.jpg'): Promise<{ status: number; address: string }> {
  const form = new FormData()
  appendFile(form, 'profile_pic', content, name)
  const response = await fetch(`${base}/auth/kyc-update/user/`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  })
  const body = (await response.json()) as Record<string, unknown>
  return { status: response.status, address: String(body['profile_pic']) }
}

/** Of the server's process, in megabytes: now, or at its highest since {@link forgetPeak}. */
async function memoryOf(what: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${run.child.pid ?? 0}/status`, 'utf8')
  return Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024
}
const forgetPeak = () => writeFile(`/proc/${run.child.pid ?? 0}/clear_refs`, '5')

const text = (words: string) => Buffer.from(words, 'latin1')
const SCRIPT = '<script>alert(document.domain)</script>'
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><image href="file:///etc/passwd"/></svg>`
const ZIP = 'PK\x03\x04\x14\x00\x00\x00payload.php<?php ?>PK\x05\x06'
const plain = sharp({ create: { width: 64, height: 64, channels: 3, background: '#840' } })
const noise = (side: number) =>
  sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer()

const refusedFiles = async (): Promise<[what: string, content: Uint8Array, name?: string][]> => [
  ['a bomb of 900 megapixels', pngOf(30_000, 30_000, Buffer.alloc(1_000))],
  ['a header of 2³¹ by 2³¹', pngOf(2 ** 31 - 1, 2 ** 31 - 1, Buffer.alloc(10))],
  ['an SVG', text(SVG)],
  ['an SVG called PNG', text(`<?xml version="1.0"?>${SVG}`), 'me.png'],
  ['a page', text(`<!doctype html>${SCRIPT}`)],
  ['a page that begins like a JPEG', text(`\xFF\xD8\xFF\xE0${SCRIPT}`)],
  ['a program that begins like a JPEG', text('\xFF\xD8\xFF<?php system($_GET["c"]); ?>')],
  ['an archive', text(ZIP)],
  ['half a JPEG', (await plain.jpeg().toBuffer()).subarray(0, 200)],
  ['a GIF', await plain.gif().toBuffer()],
  ['a WebP', await plain.webp().toBuffer()],
  ['nothing', Buffer.alloc(0)],
  ['more than 2 MiB', Buffer.concat([JPEG, Buffer.alloc(2 * 1024 * 1024)])],
  ['ten megabytes', Buffer.alloc(10 * 1024 * 1024)],
  ['a name that ends in .php', JPEG, 'a.jpg%00.php'],
  ['a name with NUL', JPEG, 'a.jpg\0.php'],
]

const tamedFiles = async (): Promise<[what: string, content: Uint8Array, name?: string][]> => [
  ['a bomb just small enough', pngOf(5_000, 5_000, Buffer.alloc(5_000 * 626))],
  ['a JPEG with a page behind', Buffer.concat([JPEG, text(SCRIPT)])],
  ['a PNG with an archive behind', Buffer.concat([PNG, text(ZIP)])],
  [
    'a JPEG with a position and a script as owner',
    await plain
      .jpeg()
      .withExif({ IFD0: { Copyright: SCRIPT }, IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '26/1 12/1 15/1' } })
      .toBuffer(),
  ],
  ['a name that climbs', PNG, '../../../../etc/cron.d/evil.jpg'],
  ['a name that climbs otherwise', PNG, '..\\..\\evil.png'],
]

describe('uploads of an attacker', () => {
  it(
    '[PI18] [PI19] are refused or harmless, also in a flood, and cost little memory',
    { timeout: 240_000 },
    async () => {
      const [refused, tamed, flood] = [await refusedFiles(), await tamedFiles(), await noise(800)]
      // Fresh, but for the code that any two hundred requests would have compiled.
      const headers = { authorization: `Bearer ${token}` }
      for (let n = 0; n < 200; n++) await (await fetch(`${base}/auth/profile/user/`, { headers })).text()
      const before = await memoryOf('VmRSS')
      await forgetPeak()

      for (let round = 0; round < ROUNDS; round++) {
        for (const [what, content, name] of refused)
          expect((await upload(content, name)).status, what).toBe(400)
        for (const [what, content, name] of tamed) {
          const { status, address } = await upload(content, name)
          expect(status, what).toBe(200)
          await expectHarmless(what, address)
        }
        const answers = await Promise.all(Array.from({ length: 20 }, () => upload(flood)))
        expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
      }

      // What the last round left is given back by the collections of an idle process, a few seconds later.
      const hasSettled = async () => (await memoryOf('VmRSS')) - before < ALLOWED_GROWTH_MB
      await vi.waitUntil(hasSettled, PATIENCE).catch(() => undefined)
      const [after, peak] = [await memoryOf('VmRSS'), await memoryOf('VmHWM')]
      const uploads = ROUNDS * (refused.length + tamed.length + 20)
      console.log(
        `${uploads} uploads: ${before.toFixed(0)} MB fresh, ${after.toFixed(0)} MB after, ${peak.toFixed(0)} MB at most`,
      )
      expect(after - before).toBeLessThan(ALLOWED_GROWTH_MB)
      expect(run.output()).not.toContain('"level":50')
      const kept = await readdir(join(folder.path, 'pictures'))
      expect(kept.filter((name) => !/^[0-9a-f]{32}\.jpg$/.test(name))).toEqual([])
    },
  )
})

async function expectHarmless(what: string, address: string): Promise<void> {
  const picture = Buffer.from(await (await fetch(base + address)).arrayBuffer())
  expect((await sharp(picture).metadata()).exif, what).toBeUndefined()
  expect(picture.toString('latin1'), what).not.toMatch(/script|payload|<\?php|GPS/)
}
