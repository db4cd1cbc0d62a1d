const FIRST_MS = 500
const LONGEST_MS = 30_000

/** Full jitter: anything from nothing to 0.5 s, 1 s, 2 s … 30 s, so that many clients do not come back together. */
export const backOffMs = (failures: number, random: () => number): number =>
  random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures)
