/** A JSON object as it came over the wire: nothing about it is certain. */
export type Message = Readonly<Record<string, unknown>>

export const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const readText = (message: Message, key: string): string | undefined => {
  const value = message[key]
  return typeof value === 'string' ? value : undefined
}

export const readNumber = (message: Message, key: string): number | undefined => {
  const value = message[key]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

export const readMessage = (message: Message, key: string): Message | undefined => {
  const value = message[key]
  return isMessage(value) ? value : undefined
}

export const readMessages = (message: Message, key: string): Message[] => {
  const value = message[key]
  return Array.isArray(value) ? value.filter(isMessage) : []
}

export function parseMessage(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isMessage(value) ? value : undefined
  } catch {
    return undefined
  }
}
