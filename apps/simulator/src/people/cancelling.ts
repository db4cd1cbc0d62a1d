import { TootaError, type Toota } from '@toota/sdk'

/** @returns false when the server says that it is too late */
export async function cancelled({ trips }: Toota, tripId: string): Promise<boolean> {
  try {
    await trips.cancel(tripId)
    return true
  } catch (error) {
    if (error instanceof TootaError && error.code === 'illegal-transition') return false
    throw error
  }
}
