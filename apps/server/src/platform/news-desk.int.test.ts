import { sql } from 'kysely'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { holdOpen, until, untilBlocked } from '../../test/races/observer.ts'
import { createWorld, type World } from '../../test/world.ts'
import type { AccountId } from '../kernel/index.ts'
import { openDatabase, type Database } from './database/index.ts'
import { renewEpoch } from './news-epoch.ts'
import { PolledNewsDesk } from './news-desk.ts'
import type { NewsDesk } from './news.ts'

type Desk = NewsDesk & { poll(): Promise<void> }

let world: World
/** A second process: its own connections, nothing in common but the database. */
let otherDb: Database
let other: Desk
beforeAll(async () => {
  world = await createWorld()
  otherDb = openDatabase({ url: world.url, poolSize: 5 })
  other = new PolledNewsDesk(otherDb, (error) => world.faults.push(error))
})
afterAll(async () => {
  await otherDb.close()
  await world.close()
})

let accountId: AccountId
beforeEach(async () => {
  accountId = await world.addCustomer()
})

const item = (data: unknown, to = accountId) => ({ accountId: to, kind: 'test', data })
const tell = (data: unknown) => world.db.transaction((tx) => world.news.append(tx, [item(data)]))
const tellElsewhere = (data: unknown) => otherDb.transaction((tx) => other.append(tx, [item(data)]))

/** What a desk tells about the account from now on. */
async function hear(desk: NewsDesk) {
  const heard: { seq: number; data: unknown }[] = []
  const stop = await desk.listen(accountId, ({ seq, data }) => heard.push({ seq, data }))
  return { heard, seqs: () => heard.map(({ seq }) => seq), data: () => heard.map(({ data }) => data), stop }
}

const stored = (account = accountId) =>
  world.db.single
    .selectFrom('news')
    .select(['seq', 'data'])
    .where('account_id', '=', account)
    .orderBy('seq')
    .execute()
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('a stream', () => {
  it('[NW1] is dense when many tell the same accounts at once, in any order and several items each', async () => {
    const accounts = [accountId, await world.addCustomer(), await world.addDriver()]
    const ears = await Promise.all(
      accounts.map(async (account) => {
        const seqs: number[] = []
        await world.news.listen(account, ({ seq }) => seqs.push(seq))
        return seqs
      }),
    )
    await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        world.db.transaction((tx) => {
          const [a, b, c] = [0, 1, 2].map((shift) => accounts[(n + shift) % 3]!)
          return world.news.append(tx, [item(n, a), item(n, b), item(n, c), item(n, a)])
        }),
      ),
    )
    for (const [index, account] of accounts.entries()) {
      expect((await stored(account)).map(({ seq }) => seq)).toEqual(upTo(40))
      await until(() => Promise.resolve(ears[index]!.length === 40))
      expect(ears[index]).toEqual(upTo(40))
    }
  })

  it('[NW1] gives the next place only once the one before has committed', async () => {
    const first = await holdOpen(world.db, (tx) => world.news.append(tx, [item('first')]))
    const second = tell('second')
    await untilBlocked(world.db, 1)
    expect(await stored()).toEqual([])
    await first.release()
    await second
    expect(await stored()).toEqual([
      { seq: 1, data: 'first' },
      { seq: 2, data: 'second' },
    ])
  })

  it('[NW1] has no gap where a transaction gave up', async () => {
    await tell('kept')
    await world.db
      .transaction(async (tx) => {
        await world.news.append(tx, [item('given up')])
        throw new Error('no')
      })
      .catch(() => undefined)
    await tell('kept too')
    expect(await stored()).toEqual([
      { seq: 1, data: 'kept' },
      { seq: 2, data: 'kept too' },
    ])
  })
})

describe('a listener', () => {
  it('[NW2] hears from now on, each item once and in order', async () => {
    await tell('before')
    const ear = await hear(world.news)
    for (const n of upTo(5)) await tell(n)
    expect(ear.heard).toEqual(upTo(5).map((n) => ({ seq: n + 1, data: n })))
  })

  it('[NW2] hears by polling what another process wrote, once', async () => {
    const ear = await hear(world.news)
    await tellElsewhere('there 1')
    await tellElsewhere('there 2')
    expect(ear.heard).toEqual([])
    await Promise.all([world.news.poll(), world.news.poll()])
    await world.news.poll()
    expect(ear.heard).toEqual([
      { seq: 1, data: 'there 1' },
      { seq: 2, data: 'there 2' },
    ])
  })

  it('[NW2] reads what many streams missed in one statement, however many they are', async () => {
    const accounts = [accountId, await world.addCustomer(), await world.addDriver()]
    const heard = new Map<AccountId, number[]>(accounts.map((each) => [each, []]))
    const stops = await Promise.all(
      accounts.map((each) => world.news.listen(each, ({ seq }) => heard.get(each)?.push(seq))),
    )
    for (const data of [1, 2])
      await otherDb.transaction((tx) =>
        other.append(
          tx,
          accounts.map((each) => item(data, each)),
        ),
      )
    const before = world.db.statementCount()
    await world.news.poll()
    expect(world.db.statementCount() - before).toBe(2)
    expect([...heard.values()]).toEqual(accounts.map(() => [1, 2]))
    for (const stop of stops) stop()
  })

  it('[NW2] hears what another process wrote before what this one wrote after it', async () => {
    const ear = await hear(world.news)
    await tellElsewhere('there')
    await tell('here')
    await until(() => Promise.resolve(ear.heard.length === 2))
    expect(ear.data()).toEqual(['there', 'here'])
  })

  it('[NW2] hears each item once and in order while two processes write and both poll', async () => {
    const [here, there] = [await hear(world.news), await hear(other)]
    const end = new AbortController()
    const polls = [world.news, other].map(async (desk) => {
      while (!end.signal.aborted) {
        await desk.poll()
        await sleep(1)
      }
    })
    try {
      await Promise.all(upTo(40).map((n) => (n % 2 ? tell(n) : tellElsewhere(n))))
      await until(() => Promise.resolve(here.heard.length >= 40 && there.heard.length >= 40))
    } finally {
      end.abort()
    }
    await Promise.all(polls)
    expect(here.seqs()).toEqual(upTo(40))
    expect(there.seqs()).toEqual(upTo(40))
    expect(here.heard).toEqual(await stored())
  })

  it('[NW2] that comes while others commit misses nothing that commits after it was let in', async () => {
    const writers = upTo(4).map(async () => {
      for (let n = 0; n < 25; n++) await tell(n)
    })
    const ears = await Promise.all(
      upTo(10).map(async (n) => {
        await until(async () => (await stored()).length >= n * 8)
        const ear = await hear(world.news)
        return { ear, committedBefore: (await stored()).length }
      }),
    )
    await Promise.all(writers)
    for (const { ear, committedBefore } of ears) {
      const missed = 100 - ear.heard.length
      expect(missed).toBeLessThanOrEqual(committedBefore)
      await until(() => Promise.resolve(ear.heard.at(-1)?.seq === 100 || ear.heard.length === 0))
      expect(ear.seqs()).toEqual(upTo(100).slice(100 - ear.heard.length))
    }
    expect(ears.some(({ ear }) => ear.heard.length < 100 && ear.heard.length > 0)).toBe(true)
  })

  it('[NW2] that throws takes nothing from the others and is reported', async () => {
    const before = world.faults.length
    await world.news.listen(accountId, () => {
      throw new Error('a broken listener')
    })
    const ear = await hear(world.news)
    await tell(1)
    await tell(2)
    expect(ear.data()).toEqual([1, 2])
    expect(world.faults.slice(before)).toHaveLength(2)
  })

  it('[NW2] that has stopped hears no more, and one that comes again hears from then on', async () => {
    const ear = await hear(world.news)
    await tell('heard')
    ear.stop()
    await tell('missed')
    const again = await hear(world.news)
    await tell('heard again')
    expect(ear.data()).toEqual(['heard'])
    expect(again.heard).toEqual([{ seq: 3, data: 'heard again' }])
  })
})

describe('an epoch', () => {
  it('[NW7] changes when an operator says so, and listeners hear on from where the streams are then', async () => {
    const epochs: (string | undefined)[] = []
    world.news.onReport(({ epoch }) => epochs.push(epoch))
    const ear = await hear(world.news)
    for (const n of upTo(3)) await tell(n)
    await world.news.poll()
    expect(epochs[0]).toMatch(/^[0-9a-f]{16}$/)

    await sql`update stream set seq = 1 where account_id = ${accountId}`.execute(world.db.single)
    await sql`delete from news where account_id = ${accountId} and seq > 1`.execute(world.db.single)
    await renewEpoch(world.db.single)
    await world.news.poll()
    await tell('after')
    expect(epochs[1]).not.toBe(epochs[0])
    expect(ear.heard.slice(3)).toEqual([{ seq: 2, data: 'after' }])
    expect(world.news.endOf(accountId)).toBe(2)
  })
})

describe('news and its change', () => {
  it('[NW3] a change that is taken back is told to nobody, here or elsewhere', async () => {
    const [here, there] = [await hear(world.news), await hear(other)]
    await expect(
      world.db.transaction(async (tx) => {
        await world.news.append(tx, [item('never')])
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    await Promise.all([world.news.poll(), other.poll()])
    expect([...here.heard, ...there.heard, ...(await stored())]).toEqual([])
  })

  it('[NW3] nobody hears of a change before it is committed', async () => {
    const seen: number[] = []
    const ear = await hear(world.news)
    await world.news.listen(accountId, ({ seq }) => seen.push(seq))
    const change = await holdOpen(world.db, (tx) => world.news.append(tx, [item('soon')]))
    await world.news.poll()
    expect(ear.heard).toEqual([])
    await change.release()
    expect(ear.heard).toEqual(await stored())
    expect(seen).toEqual([1])
  })
})
