/*
 * `node scripts/readme-blocks.mjs [file]`: does what README.md says, the way a reader would, and fails where the reader
 * would be stuck. Every fenced `sh` block is one of:
 *
 *   ```sh         runs to its end in one bash session that all these blocks share (a variable set in one is there in the
 *                 next) and must exit 0; every command in it counts, as by `set -e -o pipefail`
 *   ```sh server  (or a first line `# terminal 1`) goes on in the background until the end, once it answers /readyz
 *   ```sh skip    is not run (it needs another machine, a tool that is not here); the output names it
 *
 * The texts say 127.0.0.1:8000; here that becomes a free port. PORT and a temporary DATA_DIR come by the environment,
 * BASE_URL for scripts that want it. DATABASE_URL is taken away: a reader starts with the embedded database.
 */
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const START_LIMIT_MS = 240_000
const BLOCK_LIMIT_MS = 300_000
const STOP_LIMIT_MS = 30_000

const root = resolve(import.meta.dirname, '..')
const readme = resolve(process.argv[2] ?? join(root, 'README.md'))
const scratch = mkdtempSync(join(tmpdir(), 'toota-readme-'))
// As root PostgreSQL runs as another user, who must get through to its files.
chmodSync(scratch, 0o711)
const port = await freePort()
const env = {
  ...process.env,
  PORT: String(port),
  BASE_URL: `http://127.0.0.1:${port}`,
  DATA_DIR: join(scratch, 'data'),
}
for (const name of ['DATABASE_URL', 'DIRECT_URL', 'HOST']) delete env[name]

const counts = { passed: 0, failed: 0, skipped: 0 }
const servers = []

function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.on('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => done(address.port))
    })
  })
}

function readBlocks(text) {
  const blocks = []
  let open
  text.split('\n').forEach((line, index) => {
    const fence = /^\s*(`{3,}|~{3,})\s*(.*)$/.exec(line)
    if (open !== undefined) {
      if (fence !== null && fence[1].startsWith(open.fence) && fence[2] === '') {
        if (/^(sh|bash|shell)\b/.test(open.info)) blocks.push(open)
        open = undefined
      } else open.lines.push(line)
    } else if (fence !== null) open = { fence: fence[1], info: fence[2].trim(), line: index + 2, lines: [] }
  })
  return blocks.map(({ info, line, lines }) => ({
    line,
    kind: /\bskip\b/.test(info)
      ? 'skip'
      : /\bserver\b/.test(info) || /^#\s*terminal 1\b/i.test(lines[0] ?? '')
        ? 'server'
        : 'run',
    text: lines.join('\n'),
    name: (lines.find((one) => one.trim() !== '' && !one.trim().startsWith('#')) ?? '').trim(),
  }))
}

const forThisPort = (text) => text.replaceAll(/\b(127\.0\.0\.1|localhost):8000\b/g, `127.0.0.1:${port}`)

function blockFile(block) {
  const file = join(scratch, `block-${block.line}.sh`)
  writeFileSync(file, `${forThisPort(block.text)}\n`)
  return file
}

/** In a process group of its own, so that what it starts can be stopped with it. */
function startBash(args, stdin) {
  const child = spawn('bash', args, {
    cwd: root,
    env,
    detached: true,
    stdio: [stdin, 'pipe', 'pipe', 'pipe'],
  })
  const output = []
  child.stdout.on('data', (chunk) => output.push(chunk))
  child.stderr.on('data', (chunk) => output.push(chunk))
  const ended = new Promise((done) => child.on('exit', (code, signal) => done(code ?? signal)))
  return { child, ended, output, text: () => Buffer.concat(output).toString() }
}

async function isReady() {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}

async function runServer(block) {
  const server = startBash(['-e', '-o', 'pipefail', blockFile(block)], 'ignore')
  servers.push(server)
  let ended
  void server.ended.then((code) => (ended = code))
  const limit = Date.now() + START_LIMIT_MS
  while (ended === undefined && Date.now() < limit) {
    if (await isReady()) return undefined
    await wait(250)
  }
  const reason = ended === undefined ? 'did not become ready in time' : `ended (${ended}) before it was ready`
  return `${reason}\n${server.text()}`
}

function openSession() {
  const session = startBash(['-e', '-o', 'pipefail'], 'pipe')
  session.child.stdin.on('error', () => undefined)
  return session
}

async function runInSession(session, block) {
  const { child } = session
  session.output.length = 0
  const finished = new Promise((done) => child.stdio[3].once('data', () => done('finished')))
  // The block reads from /dev/null: what follows on the session's own stdin is the next block.
  child.stdin.write(`. '${blockFile(block)}' </dev/null\necho done >&3\n`)
  const timer = new AbortController()
  const limit = wait(BLOCK_LIMIT_MS, 'limit', { signal: timer.signal }).catch(() => 'limit')
  const end = await Promise.race([finished, session.ended, limit])
  timer.abort()
  if (end === 'finished') return undefined
  return `${end === 'limit' ? 'did not end in time' : `exit ${end}`}\n${session.text()}`
}

const isAlive = (group) => {
  try {
    process.kill(-group, 0)
    return true
  } catch {
    return false
  }
}

async function stop({ child }) {
  const limit = Date.now() + STOP_LIMIT_MS
  if (isAlive(child.pid)) process.kill(-child.pid, 'SIGTERM')
  while (isAlive(child.pid) && Date.now() < limit) await wait(100)
  if (!isAlive(child.pid)) return true
  process.kill(-child.pid, 'SIGKILL')
  return false
}

function tell(kind, block, detail) {
  counts[kind] += 1
  const label = { passed: 'ok     ', failed: 'FAILED ', skipped: 'not run' }[kind]
  console.log(`${label} ${basename(readme)}:${block.line}  ${block.name}`)
  if (detail !== undefined) console.log(detail.replaceAll(/^/gm, '    '))
}

async function runAll(blocks) {
  const session = openSession()
  servers.push(session)
  let stuck = false
  for (const block of blocks) {
    if (block.kind === 'skip') tell('skipped', block)
    else if (stuck) tell('failed', block, 'not reached')
    else {
      const fault = block.kind === 'server' ? await runServer(block) : await runInSession(session, block)
      tell(fault === undefined ? 'passed' : 'failed', block, fault)
      stuck = fault !== undefined
    }
  }
  session.child.stdin.end()
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void Promise.all(servers.map(stop)).finally(() => process.exit(130)))
}
try {
  const blocks = readBlocks(readFileSync(readme, 'utf8'))
  await runAll(blocks)
  if (counts.passed + counts.failed === 0) tell('failed', { line: 1, name: 'no sh block to run' })
} catch (error) {
  tell('failed', { line: 1, name: String(error) })
} finally {
  for (const server of servers) {
    if (!(await stop(server))) tell('failed', { line: 0, name: 'a process had to be killed' }, server.text())
  }
  rmSync(scratch, { recursive: true, force: true })
}
console.log(
  `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`,
)
process.exitCode = counts.failed === 0 ? 0 : 1
