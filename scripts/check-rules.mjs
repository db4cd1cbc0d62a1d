/*
 * `npm run rules`: every rule of a RULES.md (`- **AC3** A code works once.`) has a test, and every test names its rule
 * (`it('[AC3] a used code never works twice', …)`; several as `[AC3] [AC4]` or `[AC3, AC4]`).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '..'))
const skippedFolders = new Set(['node_modules', 'dist', 'data', 'coverage', '.git'])
const ruleLine = /^\s*[-*]\s+\*\*([A-Z]{2}\d+)\*\*\s+\S/
const ruleLike = /^\s*[-*]\s+\*\*[A-Za-z]{2,3}-?\d+/
const titleIds = /^\s*((?:\[[A-Z]{2}\d+(?:\s*,\s*[A-Z]{2}\d+)*\]\s*)+)/
// Calls of these on `it` return the function that takes the title; they take none themselves.
const makers = new Set(['each', 'for', 'skipIf', 'runIf', 'extend'])
const switchedOff = new Set(['skip', 'todo'])

const problems = []
const problem = (where, text) => problems.push(`${where}  ${text}`)

function* filesUnder(folder) {
  if (!existsSync(join(root, folder))) return
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory() && !skippedFolders.has(entry.name)) yield* filesUnder(path)
    else if (entry.isFile()) yield path
  }
}

function readRules(files) {
  const rules = new Map()
  for (const file of files) {
    const lines = readFileSync(join(root, file), 'utf8').split('\n')
    lines.forEach((line, index) => {
      const where = `${file}:${index + 1}`
      const id = ruleLine.exec(line)?.[1]
      if (id === undefined) {
        if (ruleLike.test(line))
          problem(where, `looks like a rule but is not "- **AC3** text": ${line.trim()}`)
      } else if (rules.has(id)) problem(where, `${id} is defined twice (first ${rules.get(id)})`)
      else rules.set(id, where)
    })
  }
  return rules
}

/** `it`, `it.skip`, `it.skipIf(x)`, `it.each(t)`, `it.each(t).only` … → the names on the way, outermost first; else undefined. */
function chainOf(callee) {
  const names = []
  let node = callee
  for (;;) {
    if (ts.isIdentifier(node)) return node.text === 'it' || node.text === 'test' ? names : undefined
    if (ts.isPropertyAccessExpression(node)) {
      names.push(node.name.text)
      node = node.expression
    } else if (ts.isCallExpression(node)) node = node.expression
    else if (ts.isTaggedTemplateExpression(node)) node = node.tag
    else return undefined
  }
}

const isMaker = (callee) => ts.isPropertyAccessExpression(callee) && makers.has(callee.name.text)

/** The title as far as it is written out: a template counts up to its first hole. */
function writtenTitle(node) {
  if (node === undefined) return undefined
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node)) return node.head.text
  if (ts.isBinaryExpression(node)) return writtenTitle(node.left)
  return undefined
}

function readTests(file) {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  )
  const found = []
  const visit = (node) => {
    const chain =
      ts.isCallExpression(node) && !isMaker(node.expression) ? chainOf(node.expression) : undefined
    if (chain !== undefined) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart())
      const title = writtenTitle(node.arguments[0])
      found.push({ where: `${file}:${line + 1}`, title, runs: !chain.some((name) => switchedOff.has(name)) })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const files = ['packages', 'apps', 'bench'].flatMap((folder) => [...filesUnder(folder)]).sort()
const rules = readRules(files.filter((file) => file.endsWith('/RULES.md')))
const tests = files.filter((file) => /(\.test|-contract)\.ts$/.test(file)).flatMap(readTests)
const guarded = new Set()

for (const { where, title, runs } of tests) {
  const prefix = title === undefined ? undefined : titleIds.exec(title)?.[1]
  if (prefix === undefined) {
    problem(
      where,
      `names no rule: ${title === undefined ? 'its title is not written out' : JSON.stringify(title)}`,
    )
    continue
  }
  for (const id of prefix.match(/[A-Z]{2}\d+/g)) {
    if (!rules.has(id)) problem(where, `names ${id}, which no RULES.md has`)
    else if (runs) guarded.add(id)
  }
}
for (const [id, where] of rules) if (!guarded.has(id)) problem(where, `${id} has no test`)

if (rules.size === 0) problem('RULES.md', 'no rule was found at all')

for (const line of problems) console.log(line)
console.log(`${rules.size} rules, ${tests.length} tests, ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
