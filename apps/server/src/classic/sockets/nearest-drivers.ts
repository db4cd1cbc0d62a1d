import { displayedKilometers, formatDuration } from '../../features/pricing/index.ts'
import { watchNearest, type FoundDriver } from '../../features/tracking/index.ts'
import { isPlausible, type Point } from '../../kernel/index.ts'
import { estimateRoute } from '../../platform/router-estimate.ts'
import type { ClassicContext } from '../context.ts'
import { foundDriver } from '../messages.ts'
import { TEXTS } from '../rest/bodies.ts'
import { parseVehicle } from '../spelling.ts'
import type { Message, SocketClient, SocketRoute } from './routes.ts'
import { nearestDriversMessages, SearchPlace, VehicleWords } from './schemas/nearest-messages.ts'

/** The customer says where he is, and sees the drivers around him from then on. */
export const nearestDrivers: SocketRoute = {
  purpose: 'nearest drivers',
  messages: nearestDriversMessages,
  urls: ['/ws/trips/drivers/all/'],
  role: 'customer',

  connect(context, client) {
    let stop = (): void => undefined
    client.session.onClose(() => stop())
    return (message) =>
      client.session.enqueue(async () => {
        const search = readSearch(message)
        if (typeof search === 'string') {
          client.send({ type: 'error', message: search })
          return
        }
        stop()
        stop = await watch(context, client, search)
        if (!client.session.isOpen) stop()
      })
  },
}

type Search = Parameters<typeof watchNearest>[2]

function watch(
  { platform, roster }: ClassicContext,
  { session }: SocketClient,
  search: Search,
): Promise<() => void> {
  let told: string | undefined
  return watchNearest(
    platform,
    roster,
    search,
    (milliseconds, task) => session.after(milliseconds, () => session.enqueue(task)),
    (drivers) => {
      const text = JSON.stringify(inWords(drivers, search.center, platform))
      if (text === told) return
      told = text
      session.sendLatest(Buffer.from(text))
    },
  )
}

/** An empty list stands under the key of the original, too. */
const inWords = (
  drivers: readonly FoundDriver[],
  center: Point,
  { pictureUrls }: ClassicContext['platform'],
): object => ({
  type: 'nearest_drivers',
  nearest_drivers: drivers.map((each) => [foundDriver(each, pictureUrls), wayOf(each, center)]),
  ...(drivers.length === 0 && { drivers: [] }),
})

/** Estimated, not asked of a router: there may be twenty a second. */
function wayOf({ driver, fix }: FoundDriver, center: Point): object {
  const { distanceMeters, durationSeconds } = estimateRoute(fix, center, driver.vehicleClass ?? 'bakkie')
  const kilometers = displayedKilometers(distanceMeters)
  return { distance: kilometers, distance_km: kilometers, duration: formatDuration(durationSeconds) }
}

const vehicles = VehicleWords.transform((words) => [words].flat())

/** The search that a message asks for, or what is wrong with it. */
function readSearch(message: Message): Search | string {
  const { user_latitude: latitude, user_longitude: longitude, vehicle_type: words } = message
  if (isMissing(latitude) || isMissing(longitude)) return 'Missing user location.'
  const read = SearchPlace.safeParse(message)
  const center = read.data && { latitude: read.data.user_latitude, longitude: read.data.user_longitude }
  if (!center || !isPlausible(center)) return 'Invalid user location.'

  if (isMissing(words)) return { center, classes: [] }
  const wanted = vehicles.safeParse(words)
  if (!wanted.success) return 'Invalid vehicle type.'
  const classes = wanted.data.map((word) => parseVehicle(word))
  const unknown = wanted.data.find((word) => !parseVehicle(word))
  if (unknown !== undefined) return TEXTS.choice(unknown.slice(0, 50))
  return { center, classes: classes.filter((each) => each !== undefined) }
}

/** Zero is a place. */
const isMissing = (value: unknown): boolean => value === undefined || value === null || value === ''
