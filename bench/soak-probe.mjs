/*
 * Loaded before the server (`NODE_OPTIONS=--import …`): answers at SOAK_PROBE_PORT what the process holds after a garbage
 * collection. Nothing of the server knows of it.
 */
import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

createServer((_request, response) => {
  collect()
  const { heapUsed, rss, external } = process.memoryUsage()
  response.end(
    JSON.stringify({
      heapBytes: heapUsed,
      externalBytes: external,
      rssBytes: rss,
      handles: process.getActiveResourcesInfo().length,
      fds: readdirSync('/proc/self/fd').length,
      listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    }),
  )
})
  .listen(Number(process.env.SOAK_PROBE_PORT), '127.0.0.1')
  .unref()
