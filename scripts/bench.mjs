/*
 * `npm run bench [-- word … --docs]`: runs every bench/*.bench.ts whose name contains one of the words, each in a process of
 * its own, one after another, so that none disturbs the other's figures. Writes bench/results.json, prints the table, and
 * ends with 1 when a limit was missed or a benchmark broke. `--docs` puts the table into docs/benchmarks.md as well.
 */
import { fork } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const names = readdirSync(join(root, 'bench'))
  .filter(
    (name) => name.endsWith('.bench.ts') && (words.length === 0 || words.some((word) => name.includes(word))),
  )
  .sort()

/** The results of one benchmark; undefined when it broke before it had any. */
function run(name) {
  return new Promise((done) => {
    let results
    const child = fork(join('bench', name), { cwd: root, execArgv: ['--import', 'tsx'] })
    child.on('message', (message) => (results = message))
    child.on('error', () => done(undefined))
    child.on('exit', () => done(results))
  })
}

const figure = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

function rowsOf(results) {
  const head = ['bar', 'what', 'ours', 'yardstick', 'unit', 'ratio', 'limit', 'ok']
  const rows = results.map(({ bar, what, ours, yardstick, unit, ratio, limit, ok }) => [
    bar,
    what,
    figure(ours),
    figure(yardstick),
    unit,
    ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2),
    `≤ ${limit}`,
    ok ? 'yes' : 'NO',
  ])
  return [head, ...rows]
}

function toText(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function toMarkdown([head, ...rows]) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Between the two marks; everything around them is written by hand. */
function writeDocs(results) {
  const path = join(root, 'docs/benchmarks.md')
  const [before, , after] = readFileSync(path, 'utf8').split(/<!-- figures(?: end)? -->\n/)
  const { model = 'unknown' } = cpus()[0] ?? {}
  const about = `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} cores of ${model.trim()}, load average at the end ${loadavg()[0].toFixed(1)}.`
  writeFileSync(
    path,
    `${before}<!-- figures -->\n\n${about}\n\n${toMarkdown(rowsOf(results))}\n\n<!-- figures end -->\n${after}`,
  )
}

const results = []
const broken = []
for (const name of names) {
  console.log(`\n=== ${name}`)
  const found = await run(name)
  if (found) results.push(...found)
  else broken.push(name)
}
writeFileSync(join(root, 'bench/results.json'), `${JSON.stringify(results, null, 2)}\n`)
if (process.argv.includes('--docs')) writeDocs(results)
console.log(`\n${toText(rowsOf(results))}`)
for (const name of broken) console.log(`broke: ${name}`)
const missed = results.filter(({ ok }) => !ok)
console.log(`\n${results.length - missed.length} of ${results.length} within their limits`)
process.exitCode = results.length > 0 && missed.length === 0 && broken.length === 0 ? 0 : 1
