import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { attachEmbeddedDatabase } from '../../src/platform/embedded-database/index.ts'
import { enrol, enrolDriver, keepEnrolling, logIn } from './accounts.ts'
import { openAcks, type Ack } from './acks.ts'
import { countInFlight, findContradictions, findLateOffers, findLost, type Run } from './compare.ts'
import { liveAsCustomer, liveAsDriver, type Cab, type Life } from './lives.ts'
import { freePort, launch, type ServerProcess } from './server-process.ts'
import { createWire, Gone } from './wire.ts'

const CUSTOMERS = 4
const DRIVERS = 5
const LOGINS_AT_ONCE = 4
// The people of the loop are in more of a hurry than the limits are made for.
const SETTINGS = {
  OFFER_TIMEOUT_SECONDS: '1',
  LIMIT_REQUESTS: '999999/60',
  LIMIT_SIGN_UPS: '999999/60',
  LIMIT_LOGINS: '999999/60',
  LIMIT_CODES: '999999/60',
  LIMIT_SEARCHES: '999999/60',
}

/** A server with people in it, which is killed again and again. */
export async function createKillLoop(folder: string, random: () => number) {
  const dataDir = join(folder, 'data')
  const port = await freePort(random)
  const wire = createWire(`http://127.0.0.1:${port}`)
  const acks = openAcks(join(folder, 'acks'))
  const runs: Run[] = []
  const totals = { kills: 0, offers: 0, trips: 0 }
  let server: ServerProcess = launch(dataDir, port, SETTINGS)
  let readyAt = await server.ready
  let names = 0
  const newEmail = (role: string): string => `${role}-${++names}@example.org`

  const customers = await Promise.all(
    Array.from({ length: CUSTOMERS }, () => enrol(wire, acks.note, 'user', newEmail('customer'))),
  )
  const cabs = await Promise.all(
    Array.from({ length: DRIVERS }, async (_, n): Promise<Cab> => {
      const papers = { email: newEmail('driver'), phone: `+2782000000${n}`, registration: `KL ${n} GP` }
      return { ...(await enrolDriver(wire, acks.note, papers)), tripId: undefined }
    }),
  )

  const kill = async (): Promise<void> => {
    totals.kills++
    await server.kill(random() < 0.5)
  }

  /** Everybody at once, until the kill. */
  const live = async (milliseconds: number): Promise<void> => {
    const isOver = (): boolean => server.hasEnded()
    const life: Life = { wire, note: acks.note, random, isOver }
    const lives = [
      ...customers.map((customer) => liveAsCustomer(life, customer)),
      ...cabs.map((cab) => liveAsDriver(life, cab)),
      keepEnrolling(wire, acks.note, isOver, () => newEmail('newcomer')),
    ].map((each) => each.catch(unlessGone))
    await pause(milliseconds)
    runs.push({ readyAt, killedAt: Date.now() })
    await kill()
    await Promise.all(lives)
  }

  return {
    totals,
    readAcks: () => acks.read(),

    async query(text: string): Promise<void> {
      await onDatabase(dataDir, (client) => client.query(text))
    },

    /** Kills the server in the middle of everything, then, if wished, its recovery, and starts it for good. */
    async cycle({
      killsRecovery,
      liveMs = 200 + random() * 2_800,
    }: {
      killsRecovery: boolean
      liveMs?: number
    }): Promise<void> {
      await live(liveMs)
      if (killsRecovery) {
        server = launch(dataDir, port, SETTINGS)
        await pause(50 + random() * 1_500)
        await kill()
      }
      server = launch(dataDir, port, SETTINGS)
      readyAt = await server.ready
    },

    /** What was lost or contradicts the promises by now. */
    async compare(): Promise<{ lost: Ack[]; contradictions: string[] }> {
      const noted = await acks.read()
      return onDatabase(dataDir, async (client) => {
        const inFlight = await countInFlight(client, runs.at(-1)?.killedAt ?? 0)
        totals.offers += inFlight.offers
        totals.trips += inFlight.trips
        return { lost: await findLost(client, noted), contradictions: await findContradictions(client) }
      })
    },

    /** Offers that ended too late, over all the runs. */
    async findLate(): Promise<string[]> {
      await pause(Math.max(0, readyAt + 2_500 - Date.now()))
      return onDatabase(dataDir, (client) =>
        findLateOffers(client, [...runs, { readyAt, killedAt: Date.now() }]),
      )
    },

    /** Everybody who was ever verified can log in. */
    async logInAll(): Promise<number> {
      const emails = (await acks.read()).flatMap((ack) => (ack.what === 'verified' ? [ack.email] : []))
      for (let n = 0; n < emails.length; n += LOGINS_AT_ONCE) {
        const some = emails.slice(n, n + LOGINS_AT_ONCE)
        await Promise.all(
          some.map((email) => logIn(wire, email.startsWith('driver') ? 'driver' : 'user', email)),
        )
      }
      return emails.length
    },

    async close(): Promise<void> {
      await server.kill(false)
      acks.close()
    },
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof Gone)) throw error
}

export async function onDatabase<T>(dataDir: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const database = await attachEmbeddedDatabase(dataDir)
  const client = new pg.Client({ connectionString: database?.url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
