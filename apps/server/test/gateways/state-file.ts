import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Snapshot } from './state.ts'
import type { Due } from './virtual-clock.ts'
import type { Job, World } from './world.ts'

/** What is kept: the books and the steps to come. Webhooks on their way end with the process. */
type Kept = { readonly state: Snapshot; readonly due: readonly Due<Job>[] }

/** A file that follows the books. */
export type StateFile = {
  /** Soon written down; many changes at once are one. */
  changed(): void
  close(): Promise<void>
}

const WRITE_AFTER_MS = 100

/** Takes up what the file has, and from then on writes changes to it. */
export async function keepState(path: string, world: World): Promise<StateFile> {
  await mkdir(dirname(path), { recursive: true })
  const kept = await readKept(path)
  if (kept) {
    world.state.restore(kept.state)
    world.agenda.replace(kept.due)
  }
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  const write = (): void => {
    timer = undefined
    const text = JSON.stringify({
      state: world.state.snapshot(),
      due: world.agenda.all().filter(({ job }) => job.kind !== 'webhook'),
    })
    writing = writing.then(async () => {
      await writeFile(`${path}.new`, text)
      await rename(`${path}.new`, path)
    })
  }
  return {
    changed() {
      timer ??= setTimeout(write, WRITE_AFTER_MS)
    },
    async close() {
      clearTimeout(timer)
      write()
      await writing
    },
  }
}

/** Nothing if there is no file, or one that nobody can read: it is play money. */
async function readKept(path: string): Promise<Kept | undefined> {
  try {
    const kept = JSON.parse(await readFile(path, 'utf8')) as Kept
    return (kept.state.version as number) === 1 ? kept : undefined
  } catch {
    return undefined
  }
}
