import type { ChargeReport } from '../../kernel/index.ts'
import type { Gateway } from '../../platform/gateways/gateway.ts'
import type { Platform } from '../../platform/platform.ts'
import { openCase } from './case-store.ts'
import {
  findOurCharges,
  findReconciled,
  saveReconciliation,
  type Difference,
  type Reconciliation,
} from './reconciliation-store.ts'
import { settlePayment } from './settle-payment.ts'

type World = Pick<Platform, 'db' | 'news' | 'gateways' | 'settings' | 'clock' | 'log'>

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Both sides write a charge down at other moments, so each is looked for a little beyond the day. */
const MARGIN_MS = HOUR_MS

/**
 * Compares a gateway's list of a day (UTC) with ours, both ways. What only the gateway has, under a reference of ours, is settled
 * first: a webhook that never came. What is still different is a case. Undefined when the gateway has no list, or does not
 * answer.
 */
export async function reconcile(
  platform: World,
  gateway: Gateway,
  day: string,
): Promise<Reconciliation | undefined> {
  const from = new Date(`${day}T00:00:00Z`)
  const to = new Date(from.getTime() + DAY_MS)
  const listed = await gateway.listCharges?.(
    new Date(from.getTime() - MARGIN_MS),
    new Date(to.getTime() + MARGIN_MS),
  )
  if (listed?.outcome !== 'done') return undefined
  const theirs = listed.value.filter(({ reference }) => reference.startsWith('toota-'))
  await settleMissing(platform, gateway, theirs)
  const differences = await compare(platform, gateway, { from, to }, theirs)
  const result = { gateway: gateway.name, day, charges: theirs.length, differences }
  await platform.db.transaction(async (tx) => {
    await saveReconciliation(tx, result)
    if (differences.length > 0)
      await openCase(tx, {
        kind: 'reconciliation',
        about: `${gateway.name}:${day}`,
        details: { gateway: gateway.name, day, differences },
      })
  })
  return result
}

async function settleMissing(
  platform: World,
  gateway: Gateway,
  theirs: readonly ChargeReport[],
): Promise<void> {
  const known = await findOurCharges(platform.db.single, gateway.name, EMPTY, theirs)
  const missing = theirs.filter(({ gatewayId }) => !known.some((ours) => ours.gatewayId === gatewayId))
  // Few, and each asks the gateway: one after the other.
  for (const { reference, gatewayId } of missing) {
    await settlePayment(platform, reference, { transactionId: gatewayId }).catch((error: unknown) =>
      platform.log.warn({ err: error, gateway: gateway.name }, 'a listed charge could not be settled'),
    )
  }
}

const EMPTY = { from: new Date(0), to: new Date(0) }

async function compare(
  { db }: World,
  gateway: Gateway,
  span: { from: Date; to: Date },
  theirs: readonly ChargeReport[],
): Promise<Difference[]> {
  const ours = await findOurCharges(db.single, gateway.name, span, theirs)
  const oursById = new Map(ours.map((each) => [each.gatewayId, each]))
  const theirIds = new Set(theirs.map(({ gatewayId }) => gatewayId))
  const onlyOurs = ours.filter(({ gatewayId, isOfTheDay }) => isOfTheDay && !theirIds.has(gatewayId))
  return [
    ...theirs.flatMap(({ gatewayId, reference, amountMinor }): Difference[] => {
      const mine = oursById.get(gatewayId)
      if (mine?.amountMinor === amountMinor) return []
      const kind = mine ? 'differs' : 'only-theirs'
      return [{ kind, gatewayId, reference, oursMinor: mine?.amountMinor ?? null, theirsMinor: amountMinor }]
    }),
    ...onlyOurs.map(({ gatewayId, reference, amountMinor }): Difference => ({
      kind: 'only-ours',
      gatewayId,
      reference,
      oursMinor: amountMinor,
      theirsMinor: null,
    })),
  ]
}

/** The day before, in UTC. */
export const yesterday = ({ clock }: Pick<Platform, 'clock'>): string =>
  new Date(clock.now().getTime() - DAY_MS).toISOString().slice(0, 10)

/** Compares yesterday with every gateway that was not compared yet, and answers in how many milliseconds to look again. */
export async function reconcileYesterday(platform: World): Promise<number> {
  const day = yesterday(platform)
  const done = await findReconciled(platform.db.single, day)
  for (const gateway of platform.gateways.all())
    if (gateway.listCharges && !done.includes(gateway.name)) await reconcile(platform, gateway, day)
  return HOUR_MS
}
