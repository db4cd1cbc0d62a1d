/** The process's clock: for display and advice. Deadlines are decided by the database's clock at the write. */
export type Clock = { now(): Date }

export const systemClock: Clock = { now: () => new Date() }
