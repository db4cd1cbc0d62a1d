/** A travel time as customers read it: `45 sec`, `12 min`, `2 hours 5 min 30 sec`. Takes whole seconds. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${seconds} sec`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  const hours = Math.floor(seconds / 3600)
  const rest = seconds % 60
  const text = `${hours} ${hours === 1 ? 'hour' : 'hours'} ${Math.floor((seconds % 3600) / 60)} min`
  return rest === 0 ? text : `${text} ${rest} sec`
}

/**
 * The seconds that are charged: those of the text above, so that a customer can check the fare. Between a minute
 * and an hour the text has whole minutes only.
 */
export function displayedSeconds(seconds: number): number {
  return seconds >= 60 && seconds < 3600 ? seconds - (seconds % 60) : seconds
}
