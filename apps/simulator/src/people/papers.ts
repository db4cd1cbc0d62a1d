import { randomInt } from 'node:crypto'

/** What must be unique on the server, however often the demo runs against it; so it is not seeded. */
export type Papers = {
  readonly email: string
  readonly password: string
  readonly phone: string
  readonly registration: string
}

const LETTERS = 'BCDFGHJKLMNPRSTVWXYZ'

export function newPapers(firstName: string): Papers {
  const letter = (): string => LETTERS.charAt(randomInt(LETTERS.length))
  const run = randomInt(36 ** 6).toString(36)
  return {
    email: `${firstName.toLowerCase().replace(/[^a-z0-9]/g, '')}.${run}@example.com`,
    password: `bakkie-${run}-${randomInt(1e9).toString(36)}`,
    phone: `+2782${String(randomInt(10_000_000)).padStart(7, '0')}`,
    registration: `${letter()}${letter()} ${randomInt(10, 100)} ${letter()}${letter()} ${randomInt(10, 100)} GP`,
  }
}

/** One orange pixel: the server wants pictures, and nobody looks at these. */
export const newPicture = (): Blob => new Blob([PIXEL], { type: 'image/png' })

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mM4ESACAAMQAS1KALQLAAAAAElFTkSuQmCC',
  'base64',
)
