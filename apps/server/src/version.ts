import { readFileSync } from 'node:fs'
import { serverRoot } from './server-root.ts'

/** The release, from the package. */
export const VERSION = (
  JSON.parse(readFileSync(new URL('package.json', serverRoot), 'utf8')) as { version: string }
).version
