const KEY = 'toota.tab'
/** What the server takes as a device's name. */
const MOST_CHARACTERS = 200

/**
 * The server keeps one socket per device. Tabs of a browser share the device's storage but not its connection, so each has a name
 * that a reload keeps.
 */
export function nameOfTab(device: string): string {
  try {
    const { sessionStorage } = globalThis as { sessionStorage?: globalThis.Storage }
    if (!sessionStorage) return device
    const tab = sessionStorage.getItem(KEY) ?? crypto.randomUUID()
    sessionStorage.setItem(KEY, tab)
    return `${device.slice(0, MOST_CHARACTERS - tab.length - 1)}/${tab}`
  } catch {
    // A frame in a sandbox may not even ask.
    return device
  }
}
