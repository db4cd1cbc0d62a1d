/*
 * `npm run deps`: the layers hold, and every rule that says so can fail. The tree is checked first; then a copy of it
 * gets one violation of each rule, all of which must be found.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { cruise } from 'dependency-cruiser'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'

const root = resolve(import.meta.dirname, '..')
const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs')
const server = 'apps/server/src'

/** One violation each: the rule, the offending file, what it says, and what must exist beside it. */
const plants = [
  {
    rule: 'no-cycles',
    file: `${server}/kernel/planted-a.ts`,
    imports: './planted-b.ts',
    beside: { [`${server}/kernel/planted-b.ts`]: "export * from './planted-a.ts'" },
  },
  { rule: 'everything-resolves', file: `${server}/kernel/planted-lost.ts`, imports: './planted-nowhere.ts' },
  { rule: 'contract-stands-alone', file: 'packages/contract/src/planted.ts', imports: 'node:fs' },
  { rule: 'sdk-stands-alone', file: 'packages/sdk/src/planted.ts', imports: '@toota/contract' },
  { rule: 'kernel-is-pure', file: `${server}/kernel/planted-io.ts`, imports: 'node:fs' },
  {
    rule: 'platform-knows-no-feature',
    file: `${server}/platform/planted.ts`,
    imports: '../features/trips/index.ts',
  },
  { rule: 'models-are-pure', file: `${server}/features/trips/model/planted.ts`, imports: 'node:fs' },
  {
    rule: 'features-meet-at-their-index',
    file: `${server}/features/trips/planted-back-door.ts`,
    imports: '../drivers/planted-inside.ts',
  },
  {
    rule: 'features-meet-at-their-index',
    file: `${server}/classic/planted-back-door.ts`,
    imports: '../features/drivers/planted-inside.ts',
  },
  { rule: 'feature-arrows', file: `${server}/features/pricing/planted.ts`, imports: '../trips/index.ts' },
  { rule: 'feature-arrows', file: `${server}/features/unlisted/planted.ts`, imports: '../trips/index.ts' },
  {
    rule: 'the-world-is-passed-in',
    file: `${server}/features/trips/planted-world.ts`,
    imports: '../../platform/planted-tool.ts',
  },
  { rule: 'edges-call-use-cases', file: `${server}/features/trips/routes.ts`, imports: './planted-store.ts' },
  { rule: 'sql-lives-in-stores', file: `${server}/features/trips/planted-sql.ts`, imports: 'kysely' },
  { rule: 'sql-lives-in-stores', file: `${server}/features/trips/planted-pg.ts`, imports: 'pg' },
  { rule: 'http-lives-at-the-edge', file: `${server}/features/trips/planted-http.ts`, imports: 'fastify' },
  { rule: 'http-lives-at-the-edge', file: `${server}/platform/planted-ws.ts`, imports: 'ws' },
  {
    rule: 'classic-only-in-classic',
    file: `${server}/features/trips/planted-classic.ts`,
    imports: '../../classic/planted-spelling.ts',
  },
  { rule: 'web-flows-one-way', file: 'apps/web/src/lib/planted.ts', imports: '../ui/planted.ts' },
  { rule: 'web-flows-one-way', file: 'apps/web/src/ui/planted.ts', imports: '../features/drive/planted.ts' },
  {
    rule: 'web-flows-one-way',
    file: 'apps/web/src/features/drive/planted.ts',
    imports: '../book/planted.ts',
  },
  {
    rule: 'clients-talk-over-the-wire',
    file: 'apps/simulator/src/planted.ts',
    imports: '../../server/src/kernel/index.ts',
  },
  {
    rule: 'nothing-imports-tests',
    file: `${server}/kernel/planted-test.ts`,
    imports: '../../test/planted-world.ts',
  },
]
const bystanders = [
  `${server}/features/trips/index.ts`,
  `${server}/features/trips/planted-store.ts`,
  `${server}/features/drivers/planted-inside.ts`,
  `${server}/platform/planted-tool.ts`,
  `${server}/classic/planted-spelling.ts`,
  'apps/server/test/planted-world.ts',
  'apps/web/src/features/book/planted.ts',
]

const sourceFolders = (base) =>
  ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(base, group))
      .map((name) => `${group}/${name}/src`)
      .filter((folder) => existsSync(join(base, folder))),
  )

const scriptsIn = (base, folder) =>
  readdirSync(join(base, folder), { recursive: true })
    .map((name) => `${folder}/${name}`)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))

async function violationsIn(base) {
  const folders = sourceFolders(base)
  const { enhancedResolveOptions, ...options } = config.options
  const { output } = await cruise(
    folders,
    { ...options, baseDir: base, ruleSet: { forbidden: config.forbidden }, validate: true },
    enhancedResolveOptions,
    { tsConfig: extractTSConfig(join(base, 'tsconfig.json')) },
  )
  const cruised = new Set(output.modules.map((module) => module.source))
  const unseen = folders.flatMap((folder) => scriptsIn(base, folder)).filter((file) => !cruised.has(file))
  return { violations: output.summary.violations, modules: cruised.size, unseen }
}

/** The tree without its dependencies: those are links, the workspaces' own leading into the copy. */
function copyTree(target) {
  for (const folder of [...sourceFolders(root), 'apps/server/test'].filter((name) =>
    existsSync(join(root, name)),
  )) {
    cpSync(join(root, folder), join(target, folder), { recursive: true })
    const manifest = join(dirname(folder), 'package.json')
    if (existsSync(join(root, manifest))) cpSync(join(root, manifest), join(target, manifest))
  }
  cpSync(join(root, 'package.json'), join(target, 'package.json'))
  cpSync(join(root, 'tsconfig.json'), join(target, 'tsconfig.json'))
  const modules = join(root, 'node_modules')
  mkdirSync(join(target, 'node_modules/@toota'), { recursive: true })
  for (const name of readdirSync(modules)) {
    if (name !== '@toota' && !name.startsWith('.'))
      symlinkSync(join(modules, name), join(target, 'node_modules', name))
  }
  for (const name of readdirSync(join(modules, '@toota'))) {
    const workspace = relative(root, realpathSync(join(modules, '@toota', name)))
    if (existsSync(join(target, workspace)))
      symlinkSync(join(target, workspace), join(target, 'node_modules/@toota', name))
  }
}

function write(base, file, text) {
  mkdirSync(dirname(join(base, file)), { recursive: true })
  writeFileSync(join(base, file), `${text}\n`)
}

function plantAll(base) {
  for (const file of bystanders)
    if (!existsSync(join(base, file))) write(base, file, 'export const planted = 1')
  for (const { file, imports, beside = {} } of plants) {
    write(base, file, `export * from '${imports}'`)
    for (const [name, text] of Object.entries(beside)) write(base, name, text)
  }
}

const tree = await violationsIn(root)
for (const { rule, from, to } of tree.violations) console.log(`${rule.name}: ${from} → ${to}`)
for (const file of tree.unseen) console.log(`not read, so not checked: ${file}`)
let failed = tree.violations.length + tree.unseen.length
console.log(`${tree.modules} modules, ${tree.violations.length} violations\n`)

const copy = realpathSync(mkdtempSync(join(tmpdir(), 'toota-layers-')))
try {
  copyTree(copy)
  plantAll(copy)
  const planted = await violationsIn(copy)
  for (const { rule, file, imports } of plants) {
    const found = planted.violations.some((one) => one.rule.name === rule && one.from === file)
    if (!found) failed += 1
    console.log(
      `${found ? 'red as it must be' : 'MISSED           '}  ${rule.padEnd(30)} ${file} → ${imports}`,
    )
  }
  for (const { name } of config.forbidden.filter(
    (rule) => !plants.some((plant) => plant.rule === rule.name),
  )) {
    failed += 1
    console.log(`MISSED             ${name.padEnd(30)} nothing is planted for this rule`)
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
console.log(failed === 0 ? '\nThe layers hold.' : `\n${failed} problems.`)
process.exitCode = failed === 0 ? 0 : 1
