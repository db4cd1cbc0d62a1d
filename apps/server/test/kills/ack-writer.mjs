// A process of its own, so that what was acknowledged is on the disk whatever happens to everything else.
import { fsyncSync, openSync, writeSync } from 'node:fs'

const file = openSync(process.argv[2], 'a')

process.on('message', ({ line, flush }) => {
  if (line !== undefined) {
    writeSync(file, `${line}\n`)
    fsyncSync(file)
  }
  if (flush !== undefined) process.send({ flushed: flush })
})
