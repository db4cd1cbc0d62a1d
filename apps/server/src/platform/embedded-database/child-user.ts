import { lstat, readdir, realpath, lchown, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** PostgreSQL refuses to run as root, so root runs it as `nobody`, an identity that needs no entry in /etc/passwd. */
export type ChildUser = { readonly uid: number; readonly gid: number }

const NOBODY: ChildUser = { uid: 65534, gid: 65534 }

/** The identity PostgreSQL must run under, or undefined when that is our own. */
export function childUser(): ChildUser | undefined {
  return process.getuid?.() === 0 ? NOBODY : undefined
}

/** The nearest folder to the root, among `path` and those above it, which `user` may not pass; `path` must exist. */
export async function closedFolder(path: string, user: ChildUser | undefined): Promise<string | undefined> {
  if (!user) return undefined
  for (const folder of ancestors(await realpath(path))) {
    const { mode, uid, gid } = await stat(folder)
    const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0
    if (((mode >> shift) & 1) === 0) return folder
  }
  return undefined
}

/** Gives a folder and all in it to `user`; links are changed themselves, never followed. */
export async function giveTo(user: ChildUser | undefined, path: string): Promise<void> {
  if (!user) return
  await lchown(path, user.uid, user.gid)
  if (!(await lstat(path)).isDirectory()) return
  for (const name of await readdir(path)) await giveTo(user, join(path, name))
}

function ancestors(path: string): string[] {
  const above = dirname(path)
  return above === path ? [path] : [...ancestors(above), path]
}
