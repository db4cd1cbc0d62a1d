import { stat, statfs } from 'node:fs/promises'
import type { Config } from '../config.ts'
import type { Blobs } from '../platform/blobs.ts'
import { findingsOf, reasonOf, type Finding } from './finding.ts'
import { inTime } from './in-time.ts'

const { ok, warn, fail } = findingsOf('storage')
const MEGABYTE = 1_000_000
const LOW_MEGABYTES = 1_000
const FULL_MEGABYTES = 100

/** Writes, reads and removes one blob, and looks at the room left in DATA_DIR. */
export async function checkStorage(
  { data, s3 }: Pick<Config, 'data' | 's3'>,
  blobs: Blobs,
  userId: number | undefined = process.getuid?.(),
): Promise<Finding[]> {
  const folder = await stat(data.dir).catch(() => undefined)
  // A folder made here by somebody else would be closed to the server.
  if (!s3 && folder && userId !== undefined && folder.uid !== userId)
    return [
      warn(
        `not tried: DATA_DIR ${data.dir} belongs to user ${folder.uid}, this is user ${userId}`,
        'run the doctor as the user that runs Toota',
      ),
    ]
  const place = s3 ? `bucket ${s3.bucket} at ${new URL(s3.endpoint).host}` : `DATA_DIR ${data.dir}`
  const mend = s3
    ? 'correct S3_ENDPOINT, S3_BUCKET, S3_REGION and the keys; they must be allowed to put, get and delete'
    : 'let the user that runs Toota write there, or set another DATA_DIR'
  const trial = await inTime(blobs.check()).then(
    () => ok(`${place}: a file was written, read and removed`),
    (error: unknown) => fail(`${place}: ${reasonOf(error)}`, mend),
  )
  return [trial, ...(await checkRoom(data.dir))]
}

async function checkRoom(folder: string): Promise<Finding[]> {
  const disk = await statfs(folder).catch(() => undefined)
  // Without the folder, everything is kept elsewhere.
  return disk ? [judgeRoom((disk.bavail * disk.bsize) / MEGABYTE)] : []
}

export function judgeRoom(megabytes: number): Finding {
  const says = `${megabytes < 1_000 ? `${Math.floor(megabytes)} MB` : `${(megabytes / 1000).toFixed(1)} GB`} free in DATA_DIR`
  const mend = 'make room, or move DATA_DIR to a larger disk'
  if (megabytes < FULL_MEGABYTES) return fail(says, mend)
  return megabytes < LOW_MEGABYTES ? warn(says, mend) : ok(says)
}
