// `npm run toota -- …`: the operator's commands; cli.ts reads the arguments from process.argv.
import { buildStale } from './build.mjs'

await buildStale(['server'])
process.setSourceMapsEnabled(true)
await import('../apps/server/dist/cli.js')
