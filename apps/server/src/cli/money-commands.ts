import { CURRENCIES, type Currency } from '@toota/contract'
import { findDriverId } from '../features/drivers/index.ts'
import { auditLedger, takeCommission, viewStatements } from '../features/ledger/index.ts'
import { listCases, reconcile, refundPayment, resolveCase, yesterday } from '../features/payments/index.ts'
import { parseId, Refusal, toMajor, toMinor, type CaseId, type PaymentId } from '../kernel/index.ts'
import { UsageError, type Command } from './usage.ts'

const DAY_MS = 86_400_000
const LISTED = 100

/** What operators do with money on the command line. */
export const MONEY_COMMANDS: Readonly<Record<string, Command>> = {
  'ledger audit': async (platform) => {
    const breaches = await auditLedger(platform)
    if (breaches.length === 0) return 'every promise about money is kept'
    const text = breaches.map(({ promise, rows }) =>
      [`BROKEN  ${promise}`, ...rows.map((row) => `        ${JSON.stringify(row)}`)].join('\n'),
    )
    return { text: text.join('\n'), isBad: true }
  },

  'ledger statement': async (platform, _argument, { from, to }) => {
    const end = to === undefined ? platform.clock.now() : dayOf('--to', to)
    const start = from === undefined ? new Date(end.getTime() - 30 * DAY_MS) : dayOf('--from', from)
    const statements = await viewStatements(platform, { from: start, to: end })
    const lines = statements.map(
      ({ market, currency, trips, ...sums }) =>
        `${market} ${currency}  ${trips} trips  fares ${amount(sums.faresMinor)}  earnings ${amount(sums.earningsMinor)}  commission ${amount(sums.commissionMinor)}  tax ${amount(sums.taxMinor)}  gateway fees ${amount(sums.feesMinor)}`,
    )
    return lines.join('\n') || 'no trip was completed in this time'
  },

  'ledger reconcile': async (platform, _argument, { day = yesterday(platform) }) => {
    dayOf('--day', day)
    const gateways = platform.gateways.all()
    if (gateways.length === 0) return 'no gateway is set up'
    const lines: string[] = []
    let isBad = false
    for (const gateway of gateways) {
      const result = await reconcile(platform, gateway, day)
      if (!result) lines.push(`${gateway.name}  ${day}  has no list, or does not answer`)
      else {
        lines.push(
          `${gateway.name}  ${day}  ${result.charges} charges, ${result.differences.length} differences`,
        )
        lines.push(...result.differences.map((difference) => `  ${JSON.stringify(difference)}`))
        isBad ||= result.differences.length > 0
      }
    }
    return { text: lines.join('\n'), isBad }
  },

  'case list': async (platform) => {
    const { cases } = await listCases(platform, { isOpen: true, limit: LISTED })
    const lines = cases.map(
      ({ id, kind, openedAt, tripId, details }) =>
        `${id}  ${openedAt.toISOString()}  ${kind}  trip ${tripId ?? '-'}  ${JSON.stringify(details)}`,
    )
    return lines.join('\n') || 'nothing waits'
  },

  'case resolve': async (platform, argument, { note, cash }) => {
    const caseId = parseId<CaseId>(argument)
    if (!caseId || !note) throw new UsageError('case resolve: an id and --note are needed')
    const cashMinor = cash === undefined ? undefined : minorOf('--cash', cash, 0)
    await resolveCase(platform, 'operator', caseId, { note, cashMinor })
    return `case ${caseId} is settled`
  },

  'payment refund': async (platform, argument, options) => {
    const paymentId = parseId<PaymentId>(argument)
    if (!paymentId || !options.amount || !options.reason)
      throw new UsageError('payment refund: an id, --amount and --reason are needed')
    const { refundId } = await refundPayment(platform, paymentId, {
      amountMinor: minorOf('--amount', options.amount),
      reason: options.reason,
      isFromCredit: options['from-credit'] ?? false,
    })
    return refundId === null ? "it is the customer's credit" : `refund ${refundId} is on its way`
  },

  'driver topup': async (platform, who, options) => {
    const { amount: text, currency, slip } = options
    if (who === undefined || !text || !slip || !isCurrency(currency))
      throw new UsageError('driver topup: which driver? --amount, --currency and --slip are needed')
    const driverId = await findDriverId(platform.db.single, who)
    if (!driverId) throw new Refusal('not-found')
    const money = { amountMinor: minorOf('--amount', text), currency }
    const isNew = await takeCommission(platform, driverId, money, slip)
    return isNew
      ? `${amount(money.amountMinor)} ${currency} booked for driver ${driverId}`
      : `slip ${slip} was booked before`
  },
}

const amount = (minor: number): string => toMajor(minor).toFixed(2)
const isCurrency = (word: string | undefined): word is Currency => CURRENCIES.some((each) => each === word)

function minorOf(option: string, text: string, least = 1): number {
  const minor = /^\d{1,9}(\.\d{1,2})?$/.test(text) ? toMinor(Number(text)) : undefined
  if (minor === undefined || minor < least)
    throw new UsageError(`${option}: ${text} is no amount like 120 or 99.50`)
  return minor
}

function dayOf(option: string, text: string): Date {
  const day = new Date(`${text}T00:00:00Z`)
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(day.getTime()))
    throw new UsageError(`${option}: ${text} is no day like 2026-11-24`)
  return day
}
