type Wake = {
  readonly now: () => number
  /** This device has slept, or its screen came back: what was open may be dead. */
  readonly slept: () => void
  /** What was open belongs to another network. */
  readonly networkChanged: () => void
}

const TICK_MS = 5_000
/** A timer that is late by more is no busy program but a device that slept. */
const LATE_MS = 10_000

/** Notices sleep by the clock, and what a browser says of its network. Answers with a function that ends it. */
export function watchWake({ now, slept, networkChanged }: Wake): () => void {
  let tickedAtMs = now()
  const timer = setInterval(() => {
    const lateMs = now() - tickedAtMs - TICK_MS
    tickedAtMs = now()
    if (lateMs > LATE_MS) slept()
  }, TICK_MS)

  const { document: page, navigator } = globalThis as Partial<typeof globalThis>
  const shown = (): void => {
    if (page?.visibilityState === 'visible') slept()
  }
  const ends = [
    listen(globalThis, 'online', networkChanged),
    listen(page, 'visibilitychange', shown),
    listen(connectionOf(navigator), 'change', networkChanged),
  ]
  return () => {
    clearInterval(timer)
    for (const end of ends) end()
  }
}

/** Only some browsers tell of another network of the same device. */
const connectionOf = (navigator: object | undefined): unknown =>
  navigator && 'connection' in navigator ? navigator.connection : undefined

/** Node and React Native have some of these targets, or some that take no listener. */
function listen(target: unknown, type: string, listener: () => void): () => void {
  if (!isEventTarget(target)) return () => undefined
  target.addEventListener(type, listener)
  return () => target.removeEventListener(type, listener)
}

const isEventTarget = (target: unknown): target is EventTarget =>
  typeof target === 'object' &&
  target !== null &&
  'addEventListener' in target &&
  typeof target.addEventListener === 'function'
