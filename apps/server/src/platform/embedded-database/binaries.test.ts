import { execFileSync } from 'node:child_process'
import { chmod, cp, lstat, mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packageRoot, prepareBinaries } from './binaries.ts'
import { childUser } from './child-user.ts'

describe('the programs of PostgreSQL', () => {
  let folder: string
  let unlinked: string
  const links = async (root: string) =>
    (JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')) as { target: string }[]).map(
      ({ target }) => target,
    )

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'toota-binaries-')))
    await chmod(folder, 0o711)
    unlinked = join(folder, 'closed', 'package')
    await mkdir(unlinked, { recursive: true })
    await cp(packageRoot(), unlinked, { recursive: true, verbatimSymlinks: true })
    for (const link of await links(unlinked)) await rm(join(unlinked, link), { force: true })
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('[ED13] run although the install script that links their libraries was not', async () => {
    const { postgres } = await prepareBinaries(folder, undefined, unlinked)
    expect(postgres).toBe(join(unlinked, 'native/bin/postgres'))
    expect(run(postgres)).toMatch(/^postgres \(PostgreSQL\) \d/)
    await prepareBinaries(folder, undefined, unlinked)
    for (const link of await links(unlinked))
      expect((await lstat(join(unlinked, link))).isSymbolicLink()).toBe(true)
  })

  it.skipIf(process.getuid?.() !== 0)(
    '[ED14] root below a closed folder: are copied to where they can be run',
    async () => {
      await chmod(join(folder, 'closed'), 0o700)
      const { postgres, initdb } = await prepareBinaries(folder, childUser(), unlinked)
      expect(postgres.startsWith(join(folder, 'postgresql-'))).toBe(true)
      expect(run(postgres, childUser())).toMatch(/^postgres \(PostgreSQL\) \d/)
      expect(await prepareBinaries(folder, childUser(), unlinked)).toMatchObject({ postgres, initdb })
    },
  )

  it('[ED15] are asked for in one line where there are none', () => {
    expect(() => packageRoot('sunos', 'sparc')).toThrow(
      'No PostgreSQL comes with Toota for sunos-sparc: set DATABASE_URL to use a PostgreSQL server of your own.',
    )
  })
})

function run(program: string, user?: { uid: number; gid: number }): string {
  return execFileSync(program, ['--version'], { encoding: 'utf8', env: {}, cwd: '/', ...user })
}
