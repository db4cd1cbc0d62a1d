import { readFileSync } from 'node:fs'

type EnvFile = { readonly values: ReadonlyMap<string, string>; readonly faults: readonly string[] }

/** Reads a `.env` file, which may be absent. */
export function readEnvFile(path: string): EnvFile {
  try {
    return parseEnvFile(readFileSync(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { values: new Map(), faults: [] }
    return { values: new Map(), faults: [`.env: cannot be read (${(error as Error).message})`] }
  }
}

/**
 * Values are literal: keys hold `$`, `#`, `(` and `=`, which other readers expand or cut off. Only the spaces around
 * a value and one pair of quotes around it all are not part of it.
 */
export function parseEnvFile(text: string): EnvFile {
  const values = new Map<string, string>()
  const faults: string[] = []
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)$/.exec(line) ?? []
    // The line is not repeated: it may be the rest of a secret.
    if (name === undefined || value === undefined)
      faults.push(`.env line ${index + 1}: is not of the form NAME=value`)
    else values.set(name, unquote(value.trim()))
  }
  return { values, faults }
}

function unquote(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value
}
