import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { endedChildrenMicros } from './process-cpu.ts'
import { isBegin, type Statement } from './statements.ts'

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
/** The limits of a transaction, which pgbench's sessions have from their start instead. */
const SESSION_OPTIONS =
  '-c statement_timeout=5s -c lock_timeout=2s -c idle_in_transaction_session_timeout=10s'

/** PostgreSQL's own, from PGBENCH, the path, or where Debian puts it. */
export function findPgbench(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const folders = [
    ...(process.env['PATH'] ?? '').split(':'),
    ...(existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : []),
  ]
  return [process.env['PGBENCH'] ?? '', ...folders.map((folder) => join(folder, 'pgbench'))].find(
    (path) => path !== '' && existsSync(path),
  )
}

/**
 * What two runs of the same job sent, as a script of pgbench: ids that differ between the two are new ones of the job and
 * are drawn, those in `actors` are the script's variables `customer` and `driver`, others on each run, everything else stays as it was sent.
 */
export async function writeScript(
  path: string,
  client: pg.Client,
  runs: readonly [readonly Statement[], readonly Statement[]],
  actors: ReadonlyMap<string, string>,
): Promise<{ statements: number }> {
  const [run, other] = runs
  const [first, second] = [idsOf(run), idsOf(other)]
  const variables = new Map(actors)
  const lines = [
    '\\set i :i + 1',
    '\\set customer :client_id * 10000 + :i',
    '\\set driver 500000 + :customer',
  ]
  for (const id of first) {
    if (variables.has(id) || second.has(id)) continue
    variables.set(id, `id${variables.size}`)
    lines.push(`\\set id${variables.size - 1} random(1, 9000000000000000)`)
  }
  for (const [n, statement] of run.entries()) lines.push(`${await inline(client, n, statement, variables)};`)
  await writeFile(path, `${lines.join('\n')}\n`)
  return { statements: run.length }
}

/** Whether two runs sent the same, in whatever order. */
export function isSameWork(run: readonly Statement[], other: readonly Statement[]): boolean {
  const [texts, otherTexts] = [run, other].map((each) =>
    each
      .map(({ text }) => text)
      .sort()
      .join('\n'),
  )
  return texts === otherTexts
}

const idsOf = (run: readonly Statement[]): Set<string> =>
  new Set(JSON.stringify(run.map(({ values }) => values)).match(UUID))

/** The statement with its values written into it, each cast to what PostgreSQL takes it for. */
async function inline(
  client: pg.Client,
  n: number,
  statement: Statement,
  variables: ReadonlyMap<string, string>,
): Promise<string> {
  const { text, values } = statement
  if (isBegin(statement)) return 'begin'
  if (values.length === 0) return text
  await client.query(`prepare bench_${n} as ${text}`)
  const { rows } = await client.query<{ types: string[] }>(
    'select parameter_types::text[] as types from pg_prepared_statements where name = $1',
    [`bench_${n}`],
  )
  const types = rows[0]?.types ?? []
  return text.replaceAll(/\$(\d+)/g, (_, place: string) => {
    const index = Number(place) - 1
    return `(${literal(values[index], variables)})::${types[index] ?? 'text'}`
  })
}

function literal(value: unknown, variables: ReadonlyMap<string, string>): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value) && value.length === 0) return "'{}'"
  if (Array.isArray(value)) return `array[${value.map((each) => literal(each, variables)).join(', ')}]`
  if (value instanceof Date) return quoted(value.toISOString())
  if (typeof value === 'object') return literal(JSON.stringify(value), variables)
  if (typeof value !== 'string') return quoted(JSON.stringify(value))
  const parts: string[] = []
  let rest = value
  for (const [id] of value.matchAll(UUID)) {
    const variable = variables.get(id)
    if (variable === undefined) continue
    const at = rest.indexOf(id)
    parts.push(quoted(rest.slice(0, at)), `lpad((:${variable})::text, 32, '0')::uuid::text`)
    rest = rest.slice(at + id.length)
  }
  const all = [...parts, quoted(rest)].filter((part) => part !== "''")
  return all.length === 0 ? "''" : all.join(' || ')
}

/** A colon would be a variable of pgbench's. */
const quoted = (text: string): string =>
  text === '' ? "''" : `'${text.replaceAll("'", "''")}'`.replaceAll(/:(?=[A-Za-z_])/g, "' || ':' || '")

/** Runs the script so often on every client; `defines` are variables that it starts with. */
export async function runPgbench(
  pgbench: string,
  url: string,
  script: string,
  { clients, times, first }: { readonly clients: number; readonly times: number; readonly first: number },
): Promise<{ cpuMicros: number }> {
  const before = await endedChildrenMicros()
  const { stdout } = await promisify(execFile)(
    pgbench,
    [
      ...['-n', '-M', 'prepared', '-f', script, '-c', String(clients), '-j', '1', '-t', String(times)],
      `-Di=${first}`,
      url,
    ],
    { env: { ...process.env, PGOPTIONS: SESSION_OPTIONS } },
  )
  if (!stdout.includes(`actually processed: ${clients * times}/${clients * times}`)) throw new Error(stdout)
  return { cpuMicros: (await endedChildrenMicros()) - before }
}

/** The people of the script: for each client so many customers and approved drivers with a stream, whom nobody has asked yet. */
export async function addActors(
  client: pg.Client,
  { clients, times }: { readonly clients: number; readonly times: number },
): Promise<void> {
  const insert = (role: string, from: number): Promise<unknown> =>
    client.query(
      `insert into account (id, role, email, email_key, password_hash, verified_at, first_name, last_name, phone)
       select lpad(n::text, 32, '0')::uuid, $1, n || '@example.org', n || '@example.org', 'none', clock_timestamp(),
         'Thandi', 'Nkosi', '+2799' || lpad(n::text, 7, '0')
       from (select $2::int + client * 10000 + i as n from generate_series(0, $3::int - 1) as client, generate_series(1, $4::int) as i) as numbers`,
      [role, from, clients, times],
    )
  await insert('customer', 0)
  await insert('driver', 500_000)
  await client.query(
    `insert into driver (account_id, vehicle_class, vehicle_registration, load_capacity_kg, approved_at)
     select id, 'bakkie', email, 1000, clock_timestamp() from account where role = 'driver' and email ~ '^\\d+@'`,
  )
  await client.query(`insert into stream (account_id, seq) select id, 0 from account where email ~ '^\\d+@'`)
}
