export type Mood = 'plain' | 'good' | 'bad' | 'grey'

export type Story = {
  /** One line of one trip. */
  trip(number: number, text: string, mood?: Mood): void
  /** A line about the whole city. */
  say(text: string, mood?: Mood): void
}

type Paper = { write(text: string): unknown; readonly isTTY?: boolean }

const CODES: Record<Mood, string> = { plain: '', good: '\u001b[32m', bad: '\u001b[33m', grey: '\u001b[2m' }

/** @param elapsedMs real time since the start of the run */
export function createStory(paper: Paper, elapsedMs: () => number, useColour: boolean): Story {
  const paint = (text: string, mood: Mood): string =>
    useColour && mood !== 'plain' ? `${CODES[mood]}${text}\u001b[0m` : text
  const line = (text: string): unknown => paper.write(`${paint(`[${clock(elapsedMs())}]`, 'grey')} ${text}\n`)
  return {
    trip: (number, text, mood = 'plain') => void line(`${`trip ${number}`.padEnd(9)}${paint(text, mood)}`),
    say: (text, mood = 'plain') => void line(paint(text, mood)),
  }
}

/** 72 500 → `01:12`. */
export function clock(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`
}
