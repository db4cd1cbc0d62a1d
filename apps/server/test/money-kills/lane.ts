import { setImmediate } from 'node:timers/promises'
import { createMoneyWorld, type MoneyWorld } from '../money.ts'
import { TEST_SETTINGS } from '../world.ts'
import { readBooks, type Books } from './books.ts'
import type { FlowName, Job, Recovery, SabotageName, Scene, Stop, Trace } from './job.ts'
import { prepareScene, silence } from './scenes.ts'
import { createWorkers, type Workers } from './workers.ts'

/** What runs are about. */
export type Matter = {
  readonly flow: FlowName
  readonly market: 'ZA' | 'NG'
  /** Refunds take days, and only a webhook tells of their end. */
  readonly isSlow?: boolean
  readonly sabotage?: SabotageName
}

/** A database, fake gateways and processes, which nobody else uses: one kill at a time. */
export type Lane = {
  readonly world: MoneyWorld
  /** To the end, unkilled. */
  runThrough(matter: Matter): Promise<{ readonly trace: Trace; readonly books: Books }>
  /** Up to the stops, one life after the other, and then to the end. */
  runKilled(matter: Matter, stops: readonly Stop[], recovery: Recovery): Promise<Killed>
  /** Up to a stop, then others finish it, and only then the first one goes on. */
  runFrozen(matter: Matter, stop: Stop, recovery: Recovery): Promise<Killed>
  close(): Promise<void>
}

export type Killed = {
  readonly kills: number
  readonly isQuiet: boolean
  readonly faults: readonly string[]
  readonly books: Books
}

export async function createLane(
  bundlePath: string,
  zaGateway: 'paystack' | 'yoco' = 'paystack',
): Promise<Lane> {
  const world = await createMoneyWorld({ zaGateway })
  const workers = createWorkers(bundlePath)
  const newJob = (matter: Matter, scene: Scene): Job => ({
    ...{ databaseUrl: world.url, gatewayUrl: world.fake.url, zaGateway, settings: TEST_SETTINGS, scene },
    flow: matter.flow,
    ...(matter.sabotage && { sabotage: matter.sabotage }),
  })
  const begin = async (matter: Matter): Promise<Scene> => {
    await silence(world)
    world.gateways.reset()
    return prepareScene(world, matter)
  }
  /** To the end, and what is so then; that it failed is to be told with it. */
  const recoverFrom = async (job: Job): Promise<Pick<Killed, 'isQuiet' | 'faults' | 'books'>> => {
    const { isQuiet, faults } = await workers
      .recover(job)
      .catch((error: unknown) => ({ isQuiet: false, faults: [String(error)] }))
    return { isQuiet, faults, books: await readBooks(world, job.scene) }
  }
  return {
    world,
    async runThrough(matter) {
      const scene = await begin(matter)
      const end = await workers.run(newJob(matter, scene))
      if (end.end === 'killed') throw new Error(`${matter.flow} was killed by somebody else`)
      if (end.done.faults.length > 0) throw new Error(end.done.faults.join('\n'))
      return { trace: end.done.trace, books: await readBooks(world, scene) }
    },
    async runKilled(matter, stops, recovery) {
      const scene = await begin(matter)
      const job = newJob(matter, scene)
      let kills = 0
      for (const [n, stop] of stops.entries()) {
        const life = { ...job, stop, ...(n > 0 && { recovery }) }
        if ((await live(world, workers, life)) === 'killed') kills++
      }
      if (stops.length === 0) await workers.run(job)
      return { kills, ...(await recoverFrom({ ...job, recovery })) }
    },
    async runFrozen(matter, stop, recovery) {
      const scene = await begin(matter)
      const job = newJob(matter, scene)
      const { thaw } = await workers.freeze({ ...job, stop })
      // Halfway: what has ended is guarded more than what is under way.
      await workers.recover({ ...job, recovery: { ...recovery, isLate: true, rounds: 1 } })
      await thaw()
      return { kills: 1, ...(await recoverFrom({ ...job, recovery })) }
    },
    async close() {
      workers.close()
      await world.close()
    },
  }
}

/** One life up to its stop, in a process that is dead afterwards in any case. */
async function live({ gateways }: MoneyWorld, workers: Workers, job: Job): Promise<'killed' | 'done'> {
  const { end } = await workers.run(job, async (_name, kill) => {
    while (gateways.held().length === 0) await setImmediate()
    await kill()
    // That the caller has hung up reaches the fake a turn later.
    await setImmediate()
    await setImmediate()
    gateways.release()
  })
  return end
}
