import { createHash } from 'node:crypto'
import { chmod, mkdir, realpath, stat, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { closedFolder, type ChildUser } from './child-user.ts'
import { EmbeddedDatabaseError, USE_DATABASE_URL } from './embedded-database-error.ts'

type Options = {
  dataDir: string
  /** Set by the operator, so it is not to be replaced by another place. */
  isExplicit: boolean
  user: ChildUser | undefined
  log: (line: string) => void
}

const FALLBACK = '/var/lib/toota'
// Passable for PostgreSQL's user, listable only for its owner.
const PASSABLE = 0o711

const nameIn = (dataDir: string) => join(resolve(dataDir), 'database')

/** The folder of the database's files that belongs to `dataDir`, if it has been made. */
export async function findHome(dataDir: string): Promise<string | undefined> {
  return realpath(nameIn(dataDir)).catch(() => undefined)
}

/**
 * The folder of the database's files: `database` in the data folder, or, where PostgreSQL's user cannot pass to it, a
 * folder of /var/lib/toota that `database` links to. The link, once made, decides: a folder opened later must not
 * start an empty database.
 */
export async function makeHome(options: Options): Promise<string> {
  const { dataDir, user, log } = options
  const name = nameIn(dataDir)
  try {
    const home = (await findHome(dataDir)) ?? (await newHome(options))
    const closed = await closedFolder(home, user)
    if (closed) throw unreachable(dataDir, closed, user)
    if (!home.endsWith('/database')) log(`The database's files are in ${home}, linked from ${name}.`)
    return home
  } catch (error) {
    if (error instanceof EmbeddedDatabaseError) throw error
    throw new EmbeddedDatabaseError(
      `The data folder ${resolve(dataDir)} cannot be used: ${(error as Error).message}. Set DATA_DIR, or ${USE_DATABASE_URL}.`,
    )
  }
}

async function newHome({ dataDir, isExplicit, user }: Options): Promise<string> {
  const folder = resolve(dataDir)
  const isNew = await stat(folder).then(
    () => false,
    () => true,
  )
  await mkdir(folder, { recursive: true })
  if (isNew) await chmod(folder, PASSABLE)
  const closed = await closedFolder(folder, user)
  if (!closed) return makePassable(nameIn(dataDir))
  if (isExplicit) throw unreachable(dataDir, closed, user)
  const hash = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
    .slice(0, 16)
  const home = await makePassable(join(FALLBACK, hash))
  await symlink(home, nameIn(dataDir))
  return home
}

async function makePassable(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  await chmod(folder, PASSABLE)
  return realpath(folder)
}

function unreachable(dataDir: string, closed: string, user: ChildUser | undefined): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    `DATA_DIR ${resolve(dataDir)} cannot be reached by PostgreSQL, which root runs as uid ${user?.uid ?? ''}: ${closed} is closed to it. Set another DATA_DIR, or run chmod o+x ${closed}.`,
  )
}
