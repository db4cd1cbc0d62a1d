import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import type { CustomerId } from '../../src/kernel/index.ts'
import { cancelTrip } from '../../src/features/trips/index.ts'
import { connectLive, framesUntil, nextFrame, tellOften } from '../live-peer.ts'
import { startLiveServer, type LiveServer } from '../live-server.ts'
import { createTestDatabase } from '../test-database.ts'
import { until } from './observer.ts'

/** While a client's place is read, this long; what is committed meanwhile is at the border. */
const STALL = 'pg_sleep(0.7)'
const OLDEST = 'select min(seq) from news where'

let server: LiveServer
/** How often a place was read. */
let looks = 0
afterEach(() => server.close())

type Break = { readonly sql?: readonly [string, string]; readonly code?: (server: LiveServer) => void }

async function startBroken({ sql: edit, code }: Break): Promise<LiveServer> {
  const stalled = (text: string) => text.replace(OLDEST, `select min(seq) from news, ${STALL} where`)
  looks = 0
  const rewrite = (text: string) => {
    if (text.includes(OLDEST)) looks++
    return stalled(edit ? text.replace(...edit) : text)
  }
  server = await startLiveServer({}, {}, await createTestDatabase({ rewrite }))
  code?.(server)
  return server
}

const untilStalled = (): Promise<void> =>
  until(async () => {
    const { rows } = await sql`
      select 1 from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state = 'active'
        and query like ${`%${STALL}%`} and wait_event = 'PgSleep'`.execute(server.db.single)
    return rows.length > 0
  })

async function newCustomer(): Promise<{ accountId: CustomerId; token: string }> {
  const accountId = await server.addCustomer()
  return { accountId, token: await server.signIn(accountId) }
}

describe('a client that comes while something is told', () => {
  /** The numbers that reach a client whose hello is being looked at while the first event is committed. */
  async function numbersHeard(broken: Break): Promise<unknown[]> {
    await startBroken(broken)
    const { accountId, token } = await newCustomer()
    const connecting = connectLive(server, token)
    await untilStalled()
    await tellOften(server, accountId, 1)
    const { socket } = await connecting
    // Whoever listens late does so by now.
    await until(() => Promise.resolve(server.platform.news.endOf(accountId) !== undefined))
    await tellOften(server, accountId, 1)
    return (await framesUntil(socket, 2)).map(({ seq }) => seq)
  }

  it('[LV3] misses it where the listener comes after the reading, and hears it where it comes before', async () => {
    const listenLate = ({ platform: { news } }: LiveServer): void => {
      const listen = news.listen.bind(news)
      news.listen = async (accountId, listener) => {
        let stop = (): void => undefined
        setTimeout(() => void listen(accountId, listener).then((end) => (stop = end)), 1_500)
        return Promise.resolve(() => stop())
      }
    }
    expect(await numbersHeard({ code: listenLate })).toEqual([2])
    await server.close()
    expect(await numbersHeard({})).toEqual([1, 2])
  })
})

describe('a snapshot', () => {
  /** A trip is cancelled between the reading of the place and that of the state: how often does the client learn of it? */
  async function timesLearnt(broken: Break): Promise<number> {
    await startBroken(broken)
    const { accountId, token } = await newCustomer()
    const trip = await server.requestTrip(accountId)
    const socket = await server.connect('/v1/live', token)
    socket.send({ t: 'hello', v: 1, resume: { epoch: 'another', seq: 0 } })
    // The first look decides, the second one begins the snapshot.
    await untilStalled()
    await until(() => Promise.resolve(looks === 2))
    await untilStalled()
    await cancelTrip(server.platform, trip.id, { role: 'customer', accountId })
    await nextFrame(socket, 'welcome')
    await nextFrame(socket, 'reset')
    const { seq, state } = await nextFrame(socket, 'snapshot')
    const last = await server.platform.news.position(accountId)
    const later = last > Number(seq) ? await framesUntil(socket, last) : []
    const isGone = !(state as { trips: { id: string }[] }).trips.some(({ id }) => id === trip.id)
    return Number(isGone) + later.filter(({ kind }) => kind === 'trip.changed').length
  }

  it('[LV10] of several instants shows what it tells again later, one of a single instant does not', async () => {
    expect(await timesLearnt({ sql: ['isolation level repeatable read read only', 'read only'] })).toBe(2)
    await server.close()
    expect(await timesLearnt({})).toBe(1)
  })
})

describe('a replay', () => {
  it('[LV9] that would skip something becomes a reset: no client is told a part', async () => {
    const heard = async (broken: Break): Promise<unknown[]> => {
      await startBroken(broken)
      const { accountId, token } = await newCustomer()
      await tellOften(server, accountId, 4)
      const { welcome } = await connectLive(server, token)
      const resume = { epoch: welcome['epoch'], seq: 1 }
      const { socket } = await connectLive(server, token, { resume })
      const frame = await nextFrame(socket)
      return frame['t'] === 'reset' ? [frame['reason']] : [frame['seq']]
    }
    expect(await heard({ sql: ['"seq" > $2 order by', '"seq" > $2 + 1 order by'] })).toEqual(['pruned'])
    await server.close()
    expect(await heard({})).toEqual([2])
  })
})
