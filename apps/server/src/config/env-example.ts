import { describeSettings } from './settings.ts'

const WIDTH = 118

/** The text of .env.example; `node scripts/env-example.mjs` writes it. */
export function envExample(): string {
  const lines = [
    ...comment(
      'Settings of Toota. Copy this file to .env and remove the # of what you change; everything has a default.',
    ),
    ...comment(
      'Values are literal to the end of the line: nothing is expanded, and a # inside a value belongs to it. Environment variables of the same name win. An empty value is the same as none.',
    ),
  ]
  let group: string | undefined
  for (const row of describeSettings()) {
    if (row.group !== group) lines.push('', `# --- ${row.group} ---`)
    group = row.group
    lines.push('', ...comment(`${row.description} (${row.type})`), `#${row.name}=${row.default ?? ''}`)
  }
  return `${lines.join('\n')}\n`
}

function comment(text: string): string[] {
  const lines = ['#']
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1) ?? ''} ${word}`
    if (line.length > WIDTH) lines.push(`# ${word}`)
    else lines[lines.length - 1] = line
  }
  return lines
}
