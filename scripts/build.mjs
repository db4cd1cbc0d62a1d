// Builds what is stale: `node scripts/build.mjs`, or `buildStale` for the scripts that start something.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** `sources` may name folders (all below) or files; `entries` are the bundles' inputs, by their output's name. */
const PARTS = {
  server: {
    sources: ['apps/server/src', 'apps/server/data', 'apps/server/test/gateways'],
    entries: {
      main: 'apps/server/src/main.ts',
      cli: 'apps/server/src/cli.ts',
      'decoder.child': 'apps/server/src/platform/decoder.child.ts',
      'test-gateway': 'apps/server/test/gateways/main.child.ts',
    },
    dist: 'apps/server/dist',
    build: bundle,
  },
  simulator: {
    sources: ['apps/simulator/src'],
    entries: { main: 'apps/simulator/src/main.ts' },
    dist: 'apps/simulator/dist',
    build: bundle,
  },
  web: {
    sources: ['apps/web/src', 'apps/web/public', 'apps/web/vite.config.ts'],
    entries: { index: 'apps/web/src/index.html' },
    dist: 'apps/web/dist',
    build: buildPages,
  },
}
const SHARED = ['packages', 'scripts/build.mjs', 'package-lock.json', 'tsconfig.json']
const STAMP = '.built-from'
// The last is for an operator who keeps DATA_DIR beside the server's own data.
const SKIPPED_FOLDERS = /(^|\/)(node_modules|dist|test|apps\/server\/data\/[^/]+)$/
const CANNOT_BUILD_HERE = new Set(['EROFS', 'EACCES', 'EPERM', 'ERR_MODULE_NOT_FOUND'])

/**
 * Builds the parts whose sources differ from those they were built from, told by content: a copy or a checkout
 * changes times, not what the build would make.
 * @returns the names of the parts built
 */
export async function buildStale(names = Object.keys(PARTS), { force = false } = {}) {
  const built = []
  const shared = await hashesOf(SHARED)
  for (const name of names) {
    const part = PARTS[name]
    if (!Object.values(part.entries).some(isThere)) continue
    const fingerprint = digest([...shared, ...(await hashesOf(part.sources))].join('\n'))
    const before = await readFile(join(root, part.dist, STAMP), 'utf8').catch(() => undefined)
    if (!force && before === fingerprint) continue
    // Not stdout: what a command says there may be read by a program.
    console.error(`Building ${name} …`)
    try {
      await part.build(part, fingerprint)
      built.push(name)
    } catch (error) {
      // A read-only installation, or one without development dependencies, runs what it was delivered with.
      if (before === undefined || !CANNOT_BUILD_HERE.has(error.code)) throw error
      console.warn(`${name} cannot be built here (${error.code}); the older build is used.`)
    }
  }
  return built
}

async function bundle({ entries, dist }, fingerprint) {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.entries(entries).filter(([, path]) => isThere(path))),
    outdir: dist,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'error',
    plugins: [{ name: 'only-ours', setup: keepOnlyOurs }],
  })
  await mkdir(join(root, dist), { recursive: true })
  for (const { path, contents } of outputFiles) await replaceFile(path, contents)
  await replaceFile(join(root, dist, STAMP), fingerprint)
}

function keepOnlyOurs({ onResolve }) {
  onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
    kind === 'entry-point' || path.startsWith('@toota/') ? undefined : { path, external: true },
  )
}

async function buildPages({ dist }, fingerprint) {
  const target = join(root, dist)
  const unfinished = `${target}.${process.pid}`
  try {
    // Made first, so that a folder which may not be written is told from a page that does not build.
    await mkdir(unfinished)
    const { build } = await import('vite')
    await build({
      configFile: join(root, 'apps/web/vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: unfinished, emptyOutDir: true },
    })
    await writeFile(join(unfinished, STAMP), fingerprint)
    await rm(target, { recursive: true, force: true })
    await rename(unfinished, target).catch((error) => {
      // Another start was faster; its pages are as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

/** Two starts may build at once: whoever reads gets a whole file of either. */
async function replaceFile(path, contents) {
  const unfinished = `${path}.${process.pid}`
  await writeFile(unfinished, contents)
  await rename(unfinished, path)
}

async function hashesOf(paths) {
  const lists = await Promise.all(paths.map((path) => filesBelow(join(root, path))))
  const files = lists.flat().sort()
  return Promise.all(files.map(async (file) => `${fromRoot(file)} ${digest(await readFile(file))}`))
}

async function filesBelow(path) {
  let entries
  try {
    entries = await readdir(path, { withFileTypes: true })
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path]
    if (error.code === 'ENOENT') return []
    throw error
  }
  const lists = entries.map((entry) => {
    const below = join(path, entry.name)
    if (entry.isDirectory()) return SKIPPED_FOLDERS.test(fromRoot(below)) ? [] : filesBelow(below)
    return /\.test\.ts$|\.md$/.test(entry.name) ? [] : [below]
  })
  return (await Promise.all(lists)).flat()
}

function digest(contents) {
  return createHash('sha256').update(contents).digest('hex')
}

function fromRoot(path) {
  return relative(root, path).split(sep).join('/')
}

function isThere(path) {
  return existsSync(join(root, path))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const built = await buildStale(undefined, { force: process.argv.includes('--force') })
  console.log(built.length > 0 ? `Built ${built.join(', ')}.` : 'Everything is up to date.')
}
