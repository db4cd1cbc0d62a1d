import type { Books } from './books.ts'
import { planFleet, type FleetMember } from './city.ts'
import type { Options } from './options.ts'
import { readBooks } from './people/bookkeeping.ts'
import { joinAsCustomer, type Customer } from './people/customer.ts'
import { joinAsDriver, type Driver } from './people/driver.ts'
import type { Scene, World } from './people/world.ts'
import { planTrips, type TripPlan } from './plan.ts'
import { seededRandom } from './random.ts'
import { newRecord, type TripRecord } from './record.ts'
import type { Story } from './story.ts'
import { createTill } from './till.ts'

export type Run = {
  readonly records: readonly TripRecord[]
  readonly troubles: readonly string[]
  /** What everybody's account says, once the run has come to its end. */
  readonly books: () => Books | undefined
  /** Ends when every trip has ended and everybody has gone home. */
  play(): Promise<void>
  /** Everybody drops what they are doing. */
  breakOff(): void
}

// Passwords are hashed slowly on purpose, on as many threads as the server has.
const SIGN_UPS_AT_ONCE = 4
const PRESENCE_PATIENCE_MS = 10_000

export function createRun(options: Options, story: Story): Run {
  const fleet = planFleet(seededRandom(options.seed, 'fleet'), options.drivers)
  const plans = planTrips(
    options.seed,
    options.trips,
    fleet.map((member) => member.vehicleClass),
  )
  const records = plans.map((plan) => newRecord(plan.number))
  const troubles: string[] = []
  let isOver = false
  let books: Books | undefined
  const world: World = {
    baseUrl: options.baseUrl,
    story,
    seed: options.seed,
    scenes: new Map<string, Scene>(),
    fleet: new Map(),
    till: createTill(story),
    chores: [],
    trouble: (text) => {
      troubles.push(text)
      story.say(`! ${text}`, 'bad')
    },
    isOver: () => isOver,
  }
  return {
    records,
    troubles,
    breakOff: () => {
      isOver = true
    },
    books: () => books,
    play: async () => {
      books = await play(world, fleet, options.customers, plans, records)
    },
  }
}

async function play(
  world: World,
  fleet: readonly FleetMember[],
  customerCount: number,
  plans: readonly TripPlan[],
  records: readonly TripRecord[],
): Promise<Books> {
  const drivers: Driver[] = []
  const customers: Customer[] = []
  try {
    await inBatches([...Array(customerCount).keys()], async (index) => {
      customers.push(await joinAsCustomer(world, index))
    })
    await inBatches(fleet, async (member, index) => {
      const driver = await joinAsDriver(world, member, index)
      drivers.push(driver)
      world.fleet.set(driver.id, driver)
    })
    await expectPresence(world, customers, fleet)
    world.story.say(
      `${fleet.length} drivers on the road: ${countTypes(fleet)}; ${customers.length} customers at home`,
    )

    const queue = plans.map((plan, index) => ({ plan, record: records[index] ?? newRecord(plan.number) }))
    await Promise.all(customers.map((customer) => customer.run(() => queue.shift())))
    await Promise.all(world.chores)
  } finally {
    await Promise.all([...customers, ...drivers].map((person) => person.leave()))
  }
  return readBooks({ drivers, customers })
}

/** Waits until the server offers one of our drivers. @throws Error when it never does */
async function expectPresence(
  world: World,
  customers: Customer[],
  fleet: readonly FleetMember[],
): Promise<void> {
  const [customer] = customers
  const [member] = fleet
  if (customer === undefined || member === undefined) return
  const giveUpAtMs = performance.now() + PRESENCE_PATIENCE_MS
  while (performance.now() < giveUpAtMs) {
    const search = { ...member.position, vehicleClass: member.vehicleClass }
    const found = await customer.toota.trips.findDrivers(search)
    if (found.some(({ id }) => world.fleet.has(id))) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(
    'None of the drivers is available to customers. Does the server approve drivers by hand? The demo needs DRIVER_APPROVAL=auto, which DEBUG=true brings.',
  )
}

function countTypes(fleet: readonly FleetMember[]): string {
  const counts = new Map<string, number>()
  for (const { vehicleClass } of fleet) counts.set(vehicleClass, (counts.get(vehicleClass) ?? 0) + 1)
  return [...counts].map(([type, count]) => `${count} ${type}`).join(', ')
}

async function inBatches<Item>(
  items: readonly Item[],
  each: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const todo = [...items.entries()]
  const worker = async (): Promise<void> => {
    for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
      await each(next[1], next[0])
    }
  }
  await Promise.all(Array.from({ length: SIGN_UPS_AT_ONCE }, worker))
}
