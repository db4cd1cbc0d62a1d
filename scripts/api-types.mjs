/*
 * `npm run api-types` writes packages/sdk/src/api-types.ts: the types of every call and frame of `/v1`, from the schemas
 * that the server validates with. With `--check` it only says whether the committed file is what it would write.
 */
import { readFile, writeFile } from 'node:fs/promises'
import openapiTypes, { astToString } from 'openapi-typescript'
import { format, resolveConfig } from 'prettier'
import { tsImport } from 'tsx/esm/api'
import { z } from 'zod'

const HEADER = `/* eslint-disable -- written by scripts/api-types.mjs from the server's schemas: \`npm run api-types\` */\n`
const target = new URL('../packages/sdk/src/api-types.ts', import.meta.url)

const { describeApi } = await tsImport('../apps/server/src/app.ts', import.meta.url)
const api = await describeApi()
// Only now: a second copy of the schemas takes the names of the first in Zod's registry.
const contract = await tsImport('../packages/contract/src/index.ts', import.meta.url)

/** OpenAPI has no place for what goes over a socket, so the frames stand beside the bodies. */
const frames = {
  ...schemasOf('input', Object.values(contract.CLIENT_FRAMES)),
  ...schemasOf('output', Object.values(contract.SERVER_FRAMES)),
}

function schemasOf(io, schemas) {
  const definitions = schemas.map((schema) => z.toJSONSchema(schema, { io }).$defs)
  const text = JSON.stringify(Object.assign({}, ...definitions))
  return JSON.parse(text.replaceAll('#/$defs/', '#/components/schemas/'))
}

const components = { ...api.components, schemas: { ...api.components.schemas, ...frames } }
const types = astToString(await openapiTypes({ ...api, components }, { defaultNonNullable: false }))
const text = await format(HEADER + types, { ...(await resolveConfig(target)), parser: 'typescript' })

if (!process.argv.includes('--check')) await writeFile(target, text)
else if ((await readFile(target, 'utf8').catch(() => '')) === text)
  console.log('The types of the SDK are those of the API.')
else {
  console.log('packages/sdk/src/api-types.ts is stale: npm run api-types')
  process.exitCode = 1
}
