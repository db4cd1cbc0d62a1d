/** Waits; throws the signal's reason when it is aborted meanwhile. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      settle()
    }
    const stop = finish(() => reject(signal.reason as Error))
    const timer = setTimeout(finish(resolve), milliseconds)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop)
  })
}
