import { openBenchSocket, type BenchSocket } from './bench-socket.ts'
import type { Child } from './child-process.ts'
import { inParts } from './in-parts.ts'

/** A driver's socket, and that of a customer who follows him. */
export type Lane = { readonly driver: BenchSocket; readonly follower: BenchSocket }

const AT_ONCE = 50

/** Each pair of the server's people on the classic sockets. */
export async function connectApp({ address, pairs }: Child): Promise<Lane[]> {
  return inParts(pairs, AT_ONCE, async ({ driverId, driverToken, customerToken }) => {
    const driver = await connectDriver(address, driverToken)
    const follower = await openBenchSocket(`${address}/ws/user/driver/${driverId}/location/`, customerToken)
    await follower.next('latitude')
    return { driver, follower }
  })
}

/** The first fix makes the driver known, so that he may be followed. */
async function connectDriver(address: string, token: string): Promise<BenchSocket> {
  const driver = await openBenchSocket(`${address}/ws/driver/location/`, token)
  driver.send(fix(0))
  await driver.next('latitude')
  return driver
}

/** As many lanes of the bare relay. */
export async function connectRelay({ address }: Child, lanes: number): Promise<Lane[]> {
  return inParts([...Array(lanes).keys()], AT_ONCE, async (n) => {
    const follower = await openBenchSocket(`${address}/follow/${n}`)
    return { driver: await openBenchSocket(`${address}/drive/${n}`), follower }
  })
}

/** Many drivers, and one customer's single socket that follows them all. */
export type Crowd = { readonly drivers: readonly BenchSocket[]; readonly follower: BenchSocket }

/** The drivers of the first customer's trips, and his `/v1/live` socket with a watch on each of them. */
export async function connectCrowd({ address, pairs }: Child): Promise<Crowd> {
  const drivers = await inParts(pairs, AT_ONCE, ({ driverToken }) => connectDriver(address, driverToken))
  const follower = await openBenchSocket(`${address}/v1/live`, pairs[0]?.customerToken)
  follower.send('{"t":"hello","v":1}')
  await follower.next('welcome')
  for (const { tripId } of pairs) {
    follower.send(JSON.stringify({ t: 'watch', tripId }))
    await follower.next('"loc"')
  }
  return { drivers, follower }
}

export async function connectRelayCrowd({ address }: Child, count: number): Promise<Crowd> {
  const follower = await openBenchSocket(`${address}/follow/all`)
  const drivers = await inParts([...Array(count).keys()], AT_ONCE, () =>
    openBenchSocket(`${address}/drive/all`),
  )
  return { drivers, follower }
}

/** All drivers send at once, and again when everything has come back to them and to the follower. */
export async function sendWaves({ drivers, follower }: Crowd, waves: number): Promise<void> {
  await new Promise<void>((done) => {
    let wave = 0
    let missing = 0
    const send = (): void => {
      missing = drivers.length * 2
      for (const driver of drivers) driver.send(fix(wave))
    }
    const hear = (): void => {
      if (--missing > 0) return
      if (++wave === waves) done()
      else send()
    }
    for (const socket of [...drivers, follower]) socket.hear(hear)
    send()
  })
}

/** Each driver sends the next fix when the last one has come back to him and to his follower. */
export async function sendUpdates(lanes: readonly Lane[], updates: number): Promise<void> {
  const each = updates / lanes.length
  await Promise.all(
    lanes.map(
      ({ driver, follower }) =>
        new Promise<void>((done) => {
          let sent = 0
          let missing = 0
          const send = (): void => {
            sent++
            missing = 2
            driver.send(fix(sent))
          }
          const hear = (): void => {
            if (--missing > 0) return
            if (sent === each) done()
            else send()
          }
          driver.hear(hear)
          follower.hear(hear)
          send()
        }),
    ),
  )
}

/** Some 60 bytes, with all the digits that a phone gives. */
export const fix = (n: number): string =>
  `{"latitude":${(-26.2041 + ((n % 997) + 0.123456) / 100_000).toFixed(13)},"longitude":${(28.0473 + ((n % 991) + 0.123456) / 100_000).toFixed(13)}}`
