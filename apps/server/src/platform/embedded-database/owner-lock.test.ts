import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { livingOwner, takeOwnership } from './owner-lock.ts'

describe('the owner of a data folder', () => {
  let home: string
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'toota-lock-'))
  })
  afterEach(() => rm(home, { recursive: true }))

  it('[ED16] is one at a time, however many start together', async () => {
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => takeOwnership(home)))
    const won = results.filter((result) => result.status === 'fulfilled')
    expect(won.length).toBeLessThanOrEqual(1)
    for (const { value: release } of won) release()
    const release = await takeOwnership(home)
    await expect(takeOwnership(home)).rejects.toThrow(`process ${process.pid}, since`)
    release()
    expect(await readdir(home)).toEqual([])
  })

  it('[ED17] is replaced when it is dead, though its number may be in use again', async () => {
    const living = { pid: process.ppid, since: '2026-01-01T00:00:00Z' }
    await writeFile(
      join(home, `owner-${process.ppid}-00.json`),
      JSON.stringify({ ...living, identity: 'an earlier one' }),
    )
    await writeFile(join(home, 'owner-7-00.json'), '')
    expect(await livingOwner(home)).toBeUndefined()
    const release = await takeOwnership(home)
    expect(await readdir(home)).toHaveLength(1)
    release()
  })
})
