import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { JPEG } from '../../test/pictures.ts'
import { pngOf } from '../../test/png.ts'
import { createDecoder } from './decoder.ts'

const decode = createDecoder()

/** The processes that this one has started to decode. */
async function decoders(): Promise<number[]> {
  const command = promisify(execFile)('pgrep', ['-P', String(process.pid), '-f', 'decoder.child'])
  const { stdout } = await command.catch(() => ({ stdout: '' }))
  return stdout.split('\n').filter(Boolean).map(Number)
}

describe('the decoder', () => {
  it('[PI20] is one process for all pictures, and knows nothing of our environment', async () => {
    await Promise.all([decode(JPEG), decode(JPEG)])
    const [pid, ...others] = await decoders()
    expect(others).toEqual([])
    const environment = await readFile(`/proc/${pid ?? 0}/environ`, 'latin1')
    expect(process.env['PATH']).toBeDefined()
    expect(environment).not.toContain('PATH=')
  })

  it('[PI20] that dies tells who waits to come again, and the next picture has another', async () => {
    await decode(JPEG)
    const [pid] = await decoders()
    const slow = decode(pngOf(5_000, 5_000, Buffer.alloc(5_000 * 626)))
    process.kill(pid ?? 0, 'SIGKILL')
    await expect(slow).rejects.toMatchObject({ code: 'busy' })
    expect(await decode(JPEG)).toBeInstanceOf(Uint8Array)
    await vi.waitUntil(async () => (await decoders()).length === 1)
    expect(await decoders()).not.toContain(pid)
  })
})
