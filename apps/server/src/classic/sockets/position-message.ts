import type { Roster } from '../../features/tracking/index.ts'
import type { DriverCard } from '../../features/drivers/index.ts'
import type { DriverId } from '../../kernel/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Fix } from '../../platform/positions.ts'
import { driverDetails } from '../messages.ts'

/** The serialized driver, without its braces: it changes far less often than the position. */
const publicParts = new WeakMap<DriverCard, string>()
const ownParts = new WeakMap<DriverCard, string>()
/** A fix is serialized once for all followers. */
const publicMessages = new WeakMap<Fix, Buffer>()

/** The position as every follower gets it, without contact details. */
export function publicPosition(platform: Positioned, roster: Roster, driverId: DriverId, fix: Fix): Buffer {
  const known = publicMessages.get(fix)
  if (known) return known
  const card = roster.card(driverId)
  const message = compose(
    platform,
    driverId,
    fix,
    card && part(platform, publicParts, card, { ...card, email: null, phone: null }),
  )
  publicMessages.set(fix, message)
  return message
}

/** The position as the driver himself gets it back. */
export function ownPosition(platform: Positioned, roster: Roster, driverId: DriverId, fix: Fix): Buffer {
  const card = roster.card(driverId)
  return compose(platform, driverId, fix, card && part(platform, ownParts, card, card))
}

type Positioned = Pick<Platform, 'positions' | 'pictureUrls'>

function part(
  { pictureUrls }: Positioned,
  parts: WeakMap<DriverCard, string>,
  card: DriverCard,
  shown: Parameters<typeof driverDetails>[0],
): string {
  let text = parts.get(card)
  if (text === undefined) {
    text = JSON.stringify(driverDetails(shown, pictureUrls)).slice(1, -1)
    parts.set(card, text)
  }
  return text
}

function compose(
  { positions }: Positioned,
  driverId: DriverId,
  fix: Fix,
  details: string | undefined,
): Buffer {
  const point = `"latitude":${fix.latitude},"longitude":${fix.longitude}`
  const isAvailable = positions.isAvailable(driverId, fix.at)
  return Buffer.from(
    `{${point},"driver_id":"${driverId}","driver_details":{${details ?? `"id":"${driverId}"`},"is_available":${isAvailable},${point}}}`,
  )
}
