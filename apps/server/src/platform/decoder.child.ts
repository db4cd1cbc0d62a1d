import { reEncode } from './re-encode.ts'
import type { Answer, Job } from './decoder.ts'

/** The process behind `decoder.ts`: a picture in, a picture or a fault out, until nobody is there to ask. */
process.on('disconnect', () => process.exit())
process.on('message', ({ id, upload }: Job) => {
  void reEncode(upload).then((result) => {
    const answer: Answer = { id, result }
    process.send?.(answer)
  })
})
