import { statfs } from 'node:fs/promises'
import type { Config } from './config.ts'
import type { Database } from './platform/database/index.ts'
import { measureDueWork } from './platform/due-work.ts'
import type { Metrics } from './platform/metrics.ts'
import { VERSION } from './version.ts'

/** What is true of the process as a whole, and not of one part. */
export function measureProcess(metrics: Metrics, db: Database, config: Config): void {
  const { dir } = config.data
  const labels = { version: VERSION, node: process.version }
  metrics.gauge('toota_build_info', () => [{ labels, value: 1 }])
  metrics.gauge('toota_disk_free_bytes', async () => {
    const { bavail, bsize } = await statfs(dir)
    return bavail * bsize
  })
  metrics.gauge('toota_disk_size_bytes', async () => {
    const { blocks, bsize } = await statfs(dir)
    return blocks * bsize
  })
  measureDueWork(metrics, db, { sendsMail: config.mail.smtp !== undefined })
}
