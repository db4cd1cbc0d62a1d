import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Binaries } from './binaries.ts'
import { giveTo, type ChildUser } from './child-user.ts'
import { EmbeddedDatabaseError, USE_DATABASE_URL } from './embedded-database-error.ts'

const run = promisify(execFile)

export const SUPERUSER = 'toota'
// The parent's settings for PostgreSQL clients and its language must not leak in; Windows needs its own.
export const CHILD_ENVIRONMENT = process.platform === 'win32' ? undefined : { LC_ALL: 'C' }

export const clusterIn = (home: string) => join(home, 'cluster')
const passwordFile = (home: string) => join(home, 'password')

export async function readPassword(home: string): Promise<string> {
  try {
    return (await readFile(passwordFile(home), 'utf8')).trim()
  } catch {
    throw new EmbeddedDatabaseError(
      `The password of the embedded database, ${passwordFile(home)}, cannot be read.`,
    )
  }
}

/** Initialises the cluster of `home` unless it is there; one half made by a killed start is thrown away. */
export async function ensureCluster(
  home: string,
  binaries: Binaries,
  user: ChildUser | undefined,
): Promise<void> {
  const version = await readFile(join(clusterIn(home), 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (version === undefined) return initialise(home, binaries, user)
  if (version.trim() !== binaries.majorVersion) {
    throw new EmbeddedDatabaseError(
      `${clusterIn(home)} was made by PostgreSQL ${version.trim()} and this build brings ${binaries.majorVersion}: move the data by pg_dump, or ${USE_DATABASE_URL}.`,
    )
  }
}

async function initialise(home: string, binaries: Binaries, user: ChildUser | undefined): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith('cluster.new-')) continue
    // An initdb that outlived its killed parent may still be writing; it ends when its files are gone.
    await rm(join(home, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
  const password = randomBytes(24).toString('base64url')
  await rm(passwordFile(home), { force: true })
  await writeFile(passwordFile(home), `${password}\n`, { mode: 0o600 })

  const workshop = join(home, `cluster.new-${randomBytes(4).toString('hex')}`)
  await mkdir(workshop, { mode: 0o700 })
  await writeFile(join(workshop, 'password'), password, { mode: 0o600 })
  await giveTo(user, workshop)
  const made = join(workshop, 'cluster')
  await runInitdb(binaries, user, [`--pgdata=${made}`, `--pwfile=${join(workshop, 'password')}`])
  await rename(made, clusterIn(home))
  await rm(workshop, { recursive: true, force: true })
}

async function runInitdb(binaries: Binaries, user: ChildUser | undefined, where: string[]): Promise<void> {
  // The built-in locale sorts and folds alike on every system; a libc one may be missing or change with an upgrade.
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--encoding=UTF8']
  const access = [`--username=${SUPERUSER}`, '--auth=scram-sha-256']
  try {
    await run(binaries.initdb, [...where, ...locale, ...access, '--no-sync', '--no-instructions'], {
      ...user,
      cwd: '/',
      ...(CHILD_ENVIRONMENT && { env: CHILD_ENVIRONMENT }),
    })
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string }
    const reason =
      stderr
        ?.trim()
        .split('\n')
        .find((line) => line.includes('error')) ??
      message.split('\n')[0] ??
      ''
    throw new EmbeddedDatabaseError(
      `The embedded PostgreSQL could not be set up (${reason}): ${USE_DATABASE_URL}.`,
    )
  }
}
