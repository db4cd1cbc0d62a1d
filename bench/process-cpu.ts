import { readdir, readFile } from 'node:fs/promises'

/** Linux counts CPU time in these. */
const TICK_MICROS = 10_000

/**
 * User and system time of a process with its children, those that have ended too, in microseconds: PostgreSQL has a
 * process per connection. Linux only.
 */
export async function treeCpuMicros(pid: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const stats = (await Promise.all(pids.map((each) => readStat(Number(each))))).filter(
    (stat) => stat !== undefined,
  )
  const root = stats.find((stat) => stat.pid === pid)
  if (!root) throw new Error(`process ${pid} has gone`)
  const children = stats.filter((stat) => stat.parent === pid)
  const ticks = root.own + root.ended + children.reduce((sum, { own, ended }) => sum + own + ended, 0)
  return ticks * TICK_MICROS
}

/** What the children of this process used that have ended. */
export async function endedChildrenMicros(): Promise<number> {
  return ((await readStat(process.pid))?.ended ?? 0) * TICK_MICROS
}

async function readStat(pid: number) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  // The name, in brackets, may hold spaces. The fields are those of proc(5), from the third on.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15)
  return { pid, parent: fields[1], own: user + system, ended: endedUser + endedSystem }
}
