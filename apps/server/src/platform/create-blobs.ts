import { join } from 'node:path'
import type { Config } from '../config.ts'
import { createDiskBlobs } from './blobs-disk.ts'
import { createS3Blobs } from './blobs-s3.ts'
import type { Blobs } from './blobs.ts'
import type { Logger } from './log.ts'

/** The S3 store of the settings, or else a folder below DATA_DIR. */
export const createBlobs = ({ s3, data }: Pick<Config, 's3' | 'data'>, log: Logger): Blobs =>
  s3 ? createS3Blobs(s3, log) : createDiskBlobs(join(data.dir, 'pictures'))
