import type { Platform } from '../platform/platform.ts'

export const USAGE = `Usage: npm run toota -- <command>

  migrate                                  apply the migrations that the database lacks
  driver approve <e-mail or id>            let a driver drive
  driver topup <e-mail or id> --amount <major units> --currency <code> --slip <number>
                                           commission he paid at the office; a slip counts once
  account create --role customer|driver|staff --email <address>
                 [--password <text>] [--first-name <text>] [--last-name <text>]
                                           an account, active at once; without --password one is made and shown
  account ban|admit <e-mail>               shut the accounts of this address out, or let them in again
  trip cancel <id> --reason <text>         end a trip whatever its status, free its driver, give back what was paid
  payment refund <id> --amount <major units> --reason <text> [--from-credit]
                                           give back what was paid; cash becomes credit
  case list                                matters of money that wait for a person
  case resolve <id> --note <text> [--cash <major units>]
                                           settle one; --cash: what was really handed over
  ledger audit                             check every promise about money; exit 1 and the rows when one is broken
  ledger statement [--from <day>] [--to <day>]
                                           what came of the fares (the last 30 days)
  ledger reconcile [--day <day>]           compare a day with the gateways' own lists (yesterday); exit 1 on differences
  stream new-epoch                         after restoring a dump: clients begin anew instead of going on at old numbers
  doctor [--json]                          check everything Toota depends on, and say what to mend

Works on DATABASE_URL or on the embedded database in DATA_DIR, also while the server is running. Days are YYYY-MM-DD, UTC.`

export const OPTIONS = {
  role: { type: 'string' },
  email: { type: 'string' },
  password: { type: 'string' },
  'first-name': { type: 'string' },
  'last-name': { type: 'string' },
  reason: { type: 'string' },
  amount: { type: 'string' },
  currency: { type: 'string' },
  slip: { type: 'string' },
  note: { type: 'string' },
  cash: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  day: { type: 'string' },
  'from-credit': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

type Texts = 'role' | 'email' | 'password' | 'first-name' | 'last-name' | 'reason' | 'amount' | 'currency'
type MoreTexts = 'slip' | 'note' | 'cash' | 'from' | 'to' | 'day'
export type Options = Partial<
  Record<Texts | MoreTexts, string> & Record<'from-credit' | 'json' | 'help', boolean>
>

/** What a command has to say; `isBad` ends the process with status 1. */
export type Said = string | { readonly text: string; readonly isBad: boolean }
export type Command = (platform: Platform, argument: string | undefined, options: Options) => Promise<Said>

/** The command line was not understood. */
export class UsageError extends Error {}
