import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { acceptOffer } from '../../src/features/trips/index.ts'
import type { NewsDesk } from '../../src/platform/news.ts'
import { holdOpen, untilBlocked } from './observer.ts'
import { askDrivers, EDITS, inWorld, OFF, type Asked, type SabotagedWorld } from './sabotage.ts'

describe('a stream', () => {
  /** Twenty transactions that tell one account something at once. */
  const tellTogether = async (world: SabotagedWorld) => {
    const accountId = await world.addCustomer()
    await sql`insert into stream (account_id) values (${accountId})`.execute(world.db.single)
    const told = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        world.db.transaction((tx) => world.news.append(tx, [{ accountId, kind: 'test', data: { n } }])),
      ),
    )
    const { brokenStreams } = await world.violations()
    return { refused: told.filter((result) => result.status === 'rejected').length, brokenStreams }
  }

  it("[NW1] numbered without its row's lock has places twice, numbered under it never", async () => {
    const broken = await inWorld({ schema: [OFF.newsKey], code: [EDITS.newsPlaceByMaximum] }, tellTogether)
    expect(broken.brokenStreams).toHaveLength(1)
    const whole = { refused: 0, brokenStreams: undefined }
    expect(await inWorld({ schema: [OFF.newsKey] }, tellTogether)).toEqual(whole)
    expect(await inWorld({}, tellTogether)).toEqual(whole)
  })

  it('[NW1] numbered without the lock is refused by the key of the table', async () => {
    const kept = await inWorld({ code: [EDITS.newsPlaceByMaximum] }, tellTogether)
    expect(kept.refused).toBeGreaterThan(0)
    expect(kept.brokenStreams).toBeUndefined()
  })

  /** Somebody listens while one transaction that took its place first commits last. */
  const commitLateWhatCameFirst = async (world: SabotagedWorld) => {
    const accountId = await world.addCustomer()
    await sql`insert into stream (account_id) values (${accountId})`.execute(world.db.single)
    const heard: unknown[] = []
    await world.news.listen(accountId, (news) => heard.push(news.data))
    const early = await holdOpen(world.db, (tx) =>
      world.news.append(tx, [{ accountId, kind: 'test', data: 'early' }]),
    )
    const late = world.db.transaction((tx) =>
      world.news.append(tx, [{ accountId, kind: 'test', data: 'late' }]),
    )
    await Promise.race([late, untilBlocked(world.db, 1)])
    await world.news.poll()
    await early.release()
    await late
    await world.news.poll()
    return heard
  }

  it('[NW2] numbered by a sequence loses what commits later, numbered under its lock nothing', async () => {
    const schema = ['create sequence place']
    expect(await inWorld({ schema, code: [EDITS.newsPlaceBySequence] }, commitLateWhatCameFirst)).toEqual([
      'late',
    ])
    expect(await inWorld({}, commitLateWhatCameFirst)).toEqual(['early', 'late'])
  })
})

describe('news of a change', () => {
  /** Three accepts that fail at the very end: PostgreSQL refuses the commit. */
  const failAtCommit = async (world: SabotagedWorld, news: NewsDesk) => {
    const asked = await askDrivers(world, 3)
    await sql`
      create constraint trigger fails after update on offer deferrable initially deferred
        for each row execute function refuse_change()`.execute(world.db.single)
    const heard: string[] = []
    for (const { driverId } of asked) await world.news.listen(driverId, (item) => heard.push(item.kind))
    const answers = await Promise.allSettled(
      asked.map(({ driverId, offerId }: Asked) =>
        acceptOffer({ ...world.platform, news }, driverId, offerId),
      ),
    )
    expect(answers.map((answer) => answer.status)).toEqual(['rejected', 'rejected', 'rejected'])
    const { newsOfNothing = [] } = await world.violations()
    return { heard: heard.length, newsOfNothing: newsOfNothing.length }
  }

  it('[NW3] [OF10] written in a transaction of its own tells what never happened, written in the same one does not', async () => {
    const broken = await inWorld({}, (world) =>
      failAtCommit(world, {
        listen: (...args) => world.news.listen(...args),
        position: (...args) => world.news.position(...args),
        since: (...args) => world.news.since(...args),
        append: (_, items) => world.db.transaction((own) => world.news.append(own, items)),
      }),
    )
    expect(broken).toEqual({ heard: 3, newsOfNothing: 6 })
    expect(await inWorld({}, (world) => failAtCommit(world, world.news))).toEqual({
      heard: 0,
      newsOfNothing: 0,
    })
  })
})
