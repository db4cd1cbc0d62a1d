import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import { bundleWorker, type Bundle } from './bundle.ts'
import { killAt, learn, type Tally, type Thoroughness } from './campaign.ts'
import type { FlowName, SabotageName } from './job.ts'
import { createLane, type Lane, type Matter } from './lane.ts'
import {
  allPoints,
  callPoints,
  doublePoints,
  inSteps,
  sleepPoints,
  type Lesson,
  type Point,
} from './points.ts'

// Each point once; MONEY_KILLS=orders takes each in all orders of what follows (minutes), =sample every fifth.
const THOROUGHNESS = (process.env['MONEY_KILLS'] ?? 'each') as Thoroughness
const SEED = Number(process.env['MONEY_KILLS_SEED'] ?? 1)
const LANES = 2
const LIMIT_MS = THOROUGHNESS === 'orders' ? 3_600_000 : 180_000

const TITLE = `kill -9 between every two steps of money, MONEY_KILLS=${THOROUGHNESS} MONEY_KILLS_SEED=${SEED}`

describe(TITLE, { timeout: LIMIT_MS }, () => {
  let bundle: Bundle
  let lanes: readonly Lane[]
  let yocoLanes: readonly Lane[]
  const total = { points: 0, kills: 0, doubles: 0, lost: 0 }

  beforeAll(async () => {
    bundle = await bundleWorker()
    const open = (za: 'paystack' | 'yoco') => Array.from({ length: LANES }, () => createLane(bundle.path, za))
    lanes = await Promise.all(open('paystack'))
    yocoLanes = await Promise.all(open('yoco'))
  }, 120_000)
  afterAll(async () => {
    await Promise.all([...lanes, ...yocoLanes].map((lane) => lane.close()))
    await bundle.remove()
    console.log(`money kills: ${JSON.stringify(total)}`)
  })

  /** Learns a flow, kills it at these points, and expects that nothing came of it. */
  const survive = async (
    matter: Matter,
    pointsOf: (lesson: Lesson) => readonly Point[],
    on = lanes,
    name: string = matter.flow,
  ): Promise<Tally> => {
    const began = performance.now()
    const lesson = await learn(on[0]!, matter)
    const tally = await killAt(on, lesson, pointsOf(lesson), THOROUGHNESS)
    const { findings, ...counts } = tally
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    console.log(`money kills, ${name} ${matter.market}: ${JSON.stringify(counts)} in ${seconds} s`)
    for (const key of ['points', 'kills', 'doubles', 'lost'] as const) total[key] += tally[key]
    expect(findings).toEqual([])
    // A campaign that kills nobody would prove nothing.
    expect(tally.kills).toBeGreaterThan(0)
    return tally
  }
  const ofCalls = (lesson: Lesson): Point[] => callPoints(lesson)

  it('[PA8] [PA13] [PA6] a customer pays once, and his trip is paid for', async () => {
    await survive({ flow: 'pay', market: 'ZA' }, allPoints)
    await survive({ flow: 'pay', market: 'NG' }, ofCalls)
    await survive({ flow: 'pay', market: 'ZA' }, ofCalls, yocoLanes, 'pay with Yoco')
  })

  it('[PA12] [RF1] [LG3] money that is not needed goes back once', async () => {
    await survive({ flow: 'refund', market: 'ZA' }, allPoints)
    await survive({ flow: 'refund-sweep', market: 'ZA' }, (lesson) => allPoints(lesson, inSteps('find')))
    await survive({ flow: 'refund', market: 'NG' }, ofCalls)
    await survive({ flow: 'refund', market: 'ZA' }, ofCalls, yocoLanes, 'refund with Yoco')
  })

  it('[RF1] [RF4] staff give back a part of it once', async () => {
    await survive({ flow: 'give-back', market: 'ZA' }, allPoints)
    await survive({ flow: 'give-back', market: 'NG' }, ofCalls)
    await survive({ flow: 'give-back', market: 'ZA' }, ofCalls, yocoLanes, 'give-back with Yoco')
  })

  it('[RF1] [PA15] a refund that only a webhook tells the end of ends, though its lease still ran', () =>
    survive(
      { flow: 'refund', market: 'ZA', isSlow: true },
      (lesson) => allPoints(lesson, inSteps('send', 'webhook', 'work-off')),
      yocoLanes,
      'slow refund with Yoco',
    ))

  it('[PY5] [PY6] [PY3] [PY13] a driver is paid out once', async () => {
    await survive({ flow: 'payout', market: 'ZA' }, allPoints)
    await survive({ flow: 'payout-sweep', market: 'ZA' }, (lesson) => allPoints(lesson, inSteps('check')))
    await survive({ flow: 'payout', market: 'NG' }, ofCalls)
    await survive({ flow: 'payout-sweep', market: 'NG' }, (lesson) => callPoints(lesson, inSteps('check')))
  })

  it('[CA1] [CA4] [LG5] [LG3] cash and its commission are booked once', async () => {
    await survive({ flow: 'cash', market: 'ZA' }, allPoints)
    await survive({ flow: 'office', market: 'ZA' }, allPoints)
  })

  it('[PA13] [RF1] [PY6] it holds when the recovery is killed, too', async () => {
    const random = createRandom(SEED)
    const flows: FlowName[] = ['pay', 'refund', 'give-back', 'payout', 'cash']
    let secondKills = 0
    for (const flow of flows) {
      const pointsOf = (lesson: Lesson): Point[] => doublePoints(lesson, 6, random)
      const { kills, points } = await survive({ flow, market: 'ZA' }, pointsOf, lanes, `${flow} twice`)
      secondKills += kills - points
    }
    expect(secondKills).toBeGreaterThan(0)
  })

  it.skipIf(process.platform !== 'linux')(
    '[RF1] [PA8] [PY6] a process that wakes up after its lease does nothing twice',
    async () => {
      for (const flow of ['pay', 'give-back', 'payout'] as const)
        await survive({ flow, market: 'ZA' }, (lesson) => sleepPoints(lesson), lanes, `${flow} asleep`)
    },
  )

  it('[LG1] [LG6] after all of it the books are sound', async () => {
    for (const { world } of [...lanes, ...yocoLanes]) expect(await world.audit()).toEqual([])
    expect(total).toMatchObject({ doubles: 0, lost: 0 })
  })

  describe('what a careless programmer would have written is found out', () => {
    let lane: Lane
    beforeAll(async () => {
      lane = await createLane(bundle.path)
    })
    afterAll(() => lane.close())

    const sabotaged = async (
      sabotage: SabotageName,
      flow: FlowName,
      pointsOf: (lesson: Lesson) => readonly Point[],
    ): Promise<Tally> => {
      const lesson = await learn(lane, { flow, market: 'ZA', sabotage })
      return killAt([lane], lesson, pointsOf(lesson))
    }

    it('[PA8] the gateway is asked before the payment is written down: paid twice', async () => {
      const { doubles } = await sabotaged('pay-before-writing', 'pay', (lesson) =>
        allPoints(lesson, inSteps('choose')),
      )
      expect(doubles).toBeGreaterThan(0)
    })

    it('[PY1] the transfer is sent before the payout is written down: paid out twice', async () => {
      const { doubles } = await sabotaged('payout-before-writing', 'payout', (lesson) =>
        callPoints(lesson, inSteps('send')),
      )
      expect(doubles).toBeGreaterThan(0)
    })

    it('[RF1] a refund is sent again without asking first: given back twice', async () => {
      const { doubles } = await sabotaged('refund-unasked', 'give-back', (lesson) =>
        allPoints(lesson, inSteps('send')),
      )
      expect(doubles).toBeGreaterThan(0)
    })

    it('[LG3] the ledger has no unique key: booked twice', async () => {
      const { doubles } = await sabotaged('ledger-unkeyed', 'office', allPoints)
      expect(doubles).toBeGreaterThan(0)
    })

    it('[LG1] every statement commits by itself: booked by half', async () => {
      const { lost } = await sabotaged('no-transaction', 'cash', (lesson) =>
        allPoints(lesson, inSteps('state')),
      )
      expect(lost).toBeGreaterThan(0)
    })

    it.skipIf(process.platform !== 'linux')(
      '[RF1] who has slept past his lease goes on: given back twice',
      async () => {
        const { doubles } = await sabotaged('lease-ignored', 'give-back', (lesson) =>
          sleepPoints(lesson, inSteps('send')),
        )
        expect(doubles).toBeGreaterThan(0)
      },
    )
  })
})
