import { settingGroups, type Values } from './settings.ts'

/** What several servers would not find, each with settings of its own. */
export function nodesWarnings({ REDIS_URL, DATABASE_URL, S3_ENDPOINT }: Values): string[] {
  if (REDIS_URL === undefined) return []
  const warnings: string[] = []
  if (DATABASE_URL === undefined)
    warnings.push(
      'REDIS_URL without DATABASE_URL: the embedded database belongs to one server, so no other can join it.',
    )
  else if (S3_ENDPOINT === undefined)
    warnings.push(
      'REDIS_URL without S3_ENDPOINT: pictures are kept in DATA_DIR, where other servers find them only if they share that folder.',
    )
  return warnings
}

/** Most of them are typing errors. */
export function unusedNames(names: string[]): string[] {
  const known = new Set(Object.values(settingGroups).flatMap(({ shape }) => Object.keys(shape)))
  const unused = names.filter((name) => !known.has(name))
  return unused.length > 0 ? [`.env sets what this version does not use: ${unused.join(', ')}.`] : []
}
