import { openBenchSocket, type BenchSocket } from './bench-socket.ts'
import type { Child } from './child-process.ts'

/** A driver's socket, and that of a customer who follows him. */
export type Lane = { readonly driver: BenchSocket; readonly follower: BenchSocket }

const AT_ONCE = 50

/** Each pair of the server's people on the classic sockets. */
export async function connectApp({ address, pairs }: Child): Promise<Lane[]> {
  return inParts(pairs, async ({ driverId, driverToken, customerToken }) => {
    const driver = await openBenchSocket(`${address}/ws/driver/location/`, driverToken)
    // The first fix makes the driver known, so that he may be followed.
    driver.send(fix(0))
    await driver.next('latitude')
    const follower = await openBenchSocket(`${address}/ws/user/driver/${driverId}/location/`, customerToken)
    await follower.next('latitude')
    return { driver, follower }
  })
}

/** As many lanes of the bare relay. */
export async function connectRelay({ address }: Child, lanes: number): Promise<Lane[]> {
  return inParts([...Array(lanes).keys()], async (n) => {
    const follower = await openBenchSocket(`${address}/follow/${n}`)
    return { driver: await openBenchSocket(`${address}/drive/${n}`), follower }
  })
}

async function inParts<In, Out>(values: readonly In[], work: (value: In) => Promise<Out>): Promise<Out[]> {
  const done: Out[] = []
  while (done.length < values.length)
    done.push(...(await Promise.all(values.slice(done.length, done.length + AT_ONCE).map(work))))
  return done
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
