// `npm start`: builds what is stale, then becomes the server, so that Ctrl-C and exit codes are its own.
import { buildStale } from './build.mjs'

await buildStale(['web', 'server'])
process.setSourceMapsEnabled(true)
await import('../apps/server/dist/main.js')
