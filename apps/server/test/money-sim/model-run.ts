import fc from 'fast-check'
import { sql } from 'kysely'
import { post } from '../../src/features/ledger/index.ts'
import { Refusal } from '../../src/kernel/index.ts'
import type { MoneyWorld } from '../money.ts'
import { anyDice, PLANNERS, type Dice, type Planner } from './model-commands.ts'
import { keyOf, Refused, type Model } from './model.ts'

/** A command of fast-check: it is foretold, done, and then everybody's money is compared. */
class Step implements fc.AsyncCommand<Model, MoneyWorld> {
  readonly #name: string
  readonly #planner: Planner
  readonly #dice: Dice
  #says = ''

  constructor(name: string, planner: Planner, dice: Dice) {
    this.#name = name
    this.#planner = planner
    this.#dice = dice
  }

  // Planning asks the model only; the world is for what is done.
  check = (model: Readonly<Model>): boolean =>
    this.#planner(model, this.#dice, {
      platform: { tokens: NO_TOKENS },
    } as unknown as MoneyWorld) !== undefined

  async run(model: Model, world: MoneyWorld): Promise<void> {
    const plan = this.#planner(model, this.#dice, world)!
    this.#says = plan.says
    const foretold = outcomeOf(() => plan.predict())
    const done = await plan.perform().then(
      () => 'ok',
      (error: unknown) => codeOf(error),
    )
    if (done !== foretold) throw new Error(`${plan.says}: foretold was ${foretold}, it was ${done}`)
    const differences = await differencesOf(model, world)
    if (differences.length > 0) throw new Error(`${plan.says}: ${differences.join('; ')}`)
    steps.set(this.#name, (steps.get(this.#name) ?? 0) + (done === 'ok' ? 1 : 0))
    refusals.set(done, (refusals.get(done) ?? 0) + 1)
  }

  toString = (): string => this.#says || this.#name
}

const NO_TOKENS = { digest: () => Buffer.alloc(8) }

/** How often each command was done, and how often each refusal was met: that they are met at all must be seen. */
export const steps = new Map<string, number>()
export const refusals = new Map<string, number>()

function outcomeOf(predict: () => void): string {
  try {
    predict()
    return 'ok'
  } catch (error) {
    if (error instanceof Refused) return error.code
    throw error
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Refusal) return error.code
  throw error
}

export const anyCommands = (maxCommands: number) =>
  fc.commands(
    PLANNERS.flatMap(([weight, name, planner]) =>
      Array.from({ length: weight }, () => anyDice.map((dice) => new Step(name, planner, dice))),
    ),
    { maxCommands, size: 'max' },
  )

/** New people. The customers have some credit already, so that it is set aside, freed and spent from the beginning. */
export async function newModel(world: MoneyWorld): Promise<Model> {
  const [customers, drivers] = await Promise.all([
    Promise.all([world.addCustomer(), world.addCustomer()]),
    Promise.all([world.addDriver(), world.addDriver(), world.addDriver()]),
  ])
  const limitMinor = world.platform.settings.cashFloatLimitMinor.ZA
  const model: Model = { customers, drivers, limitMinor, trips: [], balances: new Map() }
  for (const owner of customers) {
    await world.db.transaction((tx) =>
      post(tx, {
        ...{ kind: 'goodwill', key: owner, currency: 'ZAR' },
        entries: [
          { account: { kind: 'credit', owner }, amountMinor: CREDIT },
          { account: { kind: 'commission', owner: 'ZA' }, amountMinor: -CREDIT },
        ],
      }),
    )
    model.balances.set(keyOf('credit', owner, 'ZAR'), CREDIT)
  }
  return model
}

/** Less than most fares. */
const CREDIT = 7_001

/** Where the ledger and the payments differ from the model. */
async function differencesOf(model: Model, { db }: MoneyWorld): Promise<string[]> {
  const owners = [...model.customers, ...model.drivers] as string[]
  const { rows } = await sql<{ kind: string; owner: string; currency: string; minor: number }>`
    select kind, owner, currency, balance_minor as minor from ledger_account where owner = any(${owners}::text[])`.execute(
    db.single,
  )
  const booked = new Map(
    rows.map(({ kind, owner, currency, minor }) => [keyOf(kind, owner, currency), minor]),
  )
  const differences = [...new Set([...booked.keys(), ...model.balances.keys()])]
    .filter((key) => (booked.get(key) ?? 0) !== (model.balances.get(key) ?? 0))
    .map((key) => `${key} is ${booked.get(key) ?? 0}, foretold was ${model.balances.get(key) ?? 0}`)

  const payments = model.trips.flatMap((matter) => matter.payments)
  const { rows: states } = await sql<{
    id: string
    status: string
    received: number | null
    isReplaced: boolean
  }>`
    select id, status, received_minor as received, replaced_at is not null as "isReplaced"
    from payment where id = any(${payments.map(({ id }) => id)}::uuid[])`.execute(db.single)
  for (const { id, ...payment } of payments) {
    const real = states.find((row) => row.id === id)
    const received = payment.receivedMinor ?? null
    const isSame =
      real?.status === payment.status && real.isReplaced === payment.isReplaced && real.received === received
    if (!isSame)
      differences.push(`payment is ${JSON.stringify(real)}, foretold was ${payment.status}, ${received}`)
  }
  return differences
}
