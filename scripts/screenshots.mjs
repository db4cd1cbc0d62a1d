/*
 * `BASE_URL=http://127.0.0.1:8000 node scripts/screenshots.mjs [folder]`: the README's pictures, from a running server, by
 * the Chromium of CHROMIUM (default /usr/bin/chromium). Fails when a page asks anything of another host.
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium } from 'playwright-core'

const base = process.env.BASE_URL ?? 'http://127.0.0.1:8000'
const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../docs/images'))
const pictures = [
  { name: 'landing-phone', path: '/', width: 390, height: 844, ready: 'h1' },
  { name: 'landing', path: '/', width: 1280, height: 800, ready: 'h1' },
  { name: 'swagger', path: '/swagger/', width: 1280, height: 800, ready: '.opblock' },
  { name: 'redoc', path: '/redoc/', width: 1280, height: 800, ready: 'h1' },
]

// As root Chromium has no sandbox; without the rest it looks for updates.
const quiet = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [...quiet, '--no-first-run', '--disable-quic', '--disable-gpu'],
})
const foreign = []
try {
  mkdirSync(folder, { recursive: true })
  for (const { name, path, width, height, ready } of pictures) {
    const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' })
    page.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith(`${base}/`) && !/^(data|blob):/.test(url)) foreign.push(url)
    })
    await page.goto(base + path, { waitUntil: 'networkidle' })
    await page.waitForSelector(ready)
    await page.screenshot({ path: join(folder, `${name}.png`) })
    console.log(join(folder, `${name}.png`))
    await page.close()
  }
} finally {
  await browser.close()
}
for (const url of foreign) console.log(`asked of another host: ${url}`)
process.exitCode = foreign.length === 0 ? 0 : 1
