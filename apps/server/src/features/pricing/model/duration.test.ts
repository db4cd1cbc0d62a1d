import { expect, it } from 'vitest'
import { displayedSeconds, formatDuration } from './duration.ts'

it.each([
  [1, '1 sec', 1],
  [59, '59 sec', 59],
  [60, '1 min', 60],
  [119, '1 min', 60],
  [3599, '59 min', 3540],
  [3600, '1 hour 0 min', 3600],
  [3601, '1 hour 0 min 1 sec', 3601],
  [3900, '1 hour 5 min', 3900],
  [7200, '2 hours 0 min', 7200],
  [7530, '2 hours 5 min 30 sec', 7530],
  [90_061, '25 hours 1 min 1 sec', 90_061],
])('[PR4] %i seconds read "%s" and count %i', (seconds, text, counted) => {
  expect(formatDuration(seconds)).toBe(text)
  expect(displayedSeconds(seconds)).toBe(counted)
})
