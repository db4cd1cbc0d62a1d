/*
 * `npm run bench [-- word …]`: runs every bench/*.bench.ts whose name contains one of the words, each in a process of its
 * own, one after another, so that none disturbs the other's figures. A benchmark exits non-zero when it misses its bar.
 */
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const words = process.argv.slice(2)
const names = readdirSync(join(root, 'bench'))
  .filter(
    (name) => name.endsWith('.bench.ts') && (words.length === 0 || words.some((word) => name.includes(word))),
  )
  .sort()

function run(name) {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['--import', 'tsx', join('bench', name)], {
      cwd: root,
      stdio: 'inherit',
    })
    child.on('error', () => done(1))
    child.on('exit', (code) => done(code ?? 1))
  })
}

const missed = []
for (const name of names) {
  console.log(`\n=== ${name}`)
  if ((await run(name)) !== 0) missed.push(name)
}
console.log(`\n${names.length - missed.length} of ${names.length} benchmarks within their bars`)
for (const name of missed) console.log(`missed: ${name}`)
process.exitCode = missed.length === 0 && names.length > 0 ? 0 : 1
