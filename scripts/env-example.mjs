// `node scripts/env-example.mjs` writes .env.example from the settings' schema; a test compares the two.
import { writeFileSync } from 'node:fs'
import { tsImport } from 'tsx/esm/api'

const { envExample } = await tsImport('../apps/server/src/config/env-example.ts', import.meta.url)
writeFileSync(new URL('../.env.example', import.meta.url), envExample())
