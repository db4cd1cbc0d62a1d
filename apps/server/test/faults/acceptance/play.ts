import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { createRandom } from '../../random.ts'
import { findViolations } from '../../races/checks.ts'
import { startFaultProxy } from '../fault-proxy.ts'
import { wreak, type Deeds } from './chaos.ts'
import { checkFolds, checkHistories, findLost } from './check.ts'
import type { Cluster } from './cluster.ts'
import { createLossySocket } from './lossy-socket.ts'
import { liveAsCustomer, liveAsDriver, type Ack } from './lives.ts'
import { openPhone, type Member, type Phone } from './phone.ts'
import { untilQuiet } from './until-quiet.ts'

type Options = {
  readonly clients: number
  readonly seconds: number
  /** It goes on until so many trips were asked for, however slow the machine is. */
  readonly leastTrips?: number
  readonly seed: number
  readonly killEveryMs?: number
  readonly ignoresGaps?: boolean
  /** How long after the quiet everybody must have heard everything. */
  readonly patienceMs?: number
}

export type Outcome = {
  readonly faults: readonly string[]
  readonly deeds: Deeds
  readonly events: number
  readonly trips: number
  readonly accepted: number
}

const LOSSES = { loses: 0.02, repeats: 0.02, swaps: 0.02 }

/** Customers and drivers trade trips while everything breaks; then it is quiet, and everything is compared. */
export async function play(cluster: Cluster, options: Options): Promise<Outcome> {
  const {
    clients,
    seconds,
    leastTrips = 0,
    seed,
    killEveryMs,
    ignoresGaps = false,
    patienceMs = 45_000,
  } = options
  const random = createRandom(seed)
  const proxy = await startFaultProxy({
    seed,
    upstream: () => {
      const ports = cluster.ports()
      return { port: ports[Math.floor(random() * ports.length)] ?? 1 }
    },
  })
  const baseUrl = `http://127.0.0.1:${proxy.port}`
  const acks: Ack[] = []
  const phones: Phone[] = []
  try {
    for (const [n, member] of (await enrol(cluster, clients)).entries()) {
      const own = createRandom(seed * 31 + n)
      const Socket = createLossySocket(own, LOSSES)
      phones.push(
        await openPhone(member, {
          ...{ baseUrl, random: own, ignoresGaps, beginsWithSnapshot: n % 4 < 2 },
          WebSocket: Socket,
        }),
      )
    }
    const drivers = phones.filter(({ role }) => role === 'driver')
    const end = performance.now() + seconds * 1_000
    const isOver = (): boolean =>
      performance.now() > end && acks.filter(({ status }) => status === 'pending').length >= leastTrips
    const life = { random, isOver, note: (ack: Ack) => void acks.push(ack) }
    const lives = phones.map((phone) =>
      phone.role === 'driver' ? liveAsDriver(phone, life) : liveAsCustomer(phone, drivers, life),
    )
    const deeds = await wreak(cluster, proxy, { random, isOver, killEveryMs })
    const isStuck = await Promise.race([
      Promise.all(lives).then(() => false),
      pause(patienceMs).then(() => true),
    ])
    const late = await untilQuiet(cluster.db, phones, patienceMs)
    const faults = [
      ...(isStuck ? ['somebody waits for what never comes'] : []),
      ...late,
      ...(await checkHistories(cluster.db, phones)),
      ...(late.length > 0 || ignoresGaps ? [] : await checkFolds(phones)),
      ...(await findLost(cluster.db, acks)).map((line) => `acknowledged and lost: ${line}`),
      ...Object.entries(await findViolations(cluster.db, 10)).map(
        ([check, ids]) => `${check}: ${ids.join(', ')}`,
      ),
    ]
    return {
      faults,
      deeds,
      ...(await countTrips(cluster)),
      events: phones.reduce((sum, { told }) => sum + told.length, 0),
    }
  } finally {
    for (const phone of phones) phone.close()
    await proxy.close()
  }
}

async function enrol({ people }: Cluster, clients: number): Promise<Member[]> {
  const members: Member[] = []
  for (let n = 0; n < clients; n++) {
    const role = n % 2 ? 'driver' : 'customer'
    const id = role === 'driver' ? await people.addDriver({ at: null }) : await people.addCustomer()
    members.push({ id, role, token: await people.signIn(id) })
  }
  return members
}

async function countTrips({ db }: Cluster): Promise<{ trips: number; accepted: number }> {
  const { rows } = await sql<{ trips: number; accepted: number }>`
    select (select count(*) from trip) as trips,
      (select count(*) from trip_event where to_status = 'accepted') as accepted`.execute(db.single)
  return rows[0]!
}
