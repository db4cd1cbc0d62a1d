import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { ROLES, type Role } from '@toota/contract'
import { MONEY_COMMANDS } from './cli/money-commands.ts'
import { OPTIONS, UsageError, USAGE, type Command } from './cli/usage.ts'
import { loadConfig } from './config.ts'
import { createPlatform } from './create-platform.ts'
import { doctor } from './doctor/doctor.ts'
import { failWith } from './fail-with.ts'
import { createAccount, setBan } from './features/accounts/index.ts'
import { approveDriver } from './features/drivers/index.ts'
import { cancelTrip } from './features/trips/index.ts'
import { parseId, Refusal, type TripId } from './kernel/index.ts'
import { findConfiguredDatabase } from './open-configured-database.ts'
import { migrate, openDatabase } from './platform/database/index.ts'
import { createLogger } from './platform/log.ts'
import { renewEpoch } from './platform/news-epoch.ts'
import type { Platform } from './platform/platform.ts'

const COMMANDS: Readonly<Record<string, Command>> = {
  ...MONEY_COMMANDS,

  'driver approve': async (platform, who) => {
    if (who === undefined) throw new UsageError('driver approve: which driver?')
    return `driver ${await approveDriver(platform, who, 'operator')} is approved`
  },

  'account create': async (platform, _argument, { role, email, password = madeUp(), ...names }) => {
    if (!isRole(role) || email === undefined)
      throw new UsageError('account create: --role and --email are needed')
    const id = await createAccount(platform, {
      role,
      email,
      password,
      firstName: names['first-name'],
      lastName: names['last-name'],
    })
    return `${role} ${id} created; password ${password}`
  },

  'account ban': (platform, email) => ban(platform, email, true),
  'account admit': (platform, email) => ban(platform, email, false),

  'stream new-epoch': async ({ db }) => {
    await renewEpoch(db.single)
    return 'the streams are numbered anew: every client reads the state again'
  },

  'trip cancel': async (platform, argument, { reason }) => {
    const tripId = parseId<TripId>(argument)
    if (!tripId || !reason) throw new UsageError('trip cancel: an id and --reason are needed')
    const { isChanged } = await cancelTrip(platform, tripId, { role: 'staff', reason })
    return `trip ${tripId} ${isChanged ? 'is cancelled' : 'was cancelled before'}`
  },
}

async function ban(platform: Platform, email: string | undefined, isBanned: boolean): Promise<string> {
  const word = isBanned ? 'ban' : 'admit'
  if (email === undefined) throw new UsageError(`account ${word}: which e-mail?`)
  const changed = await setBan(platform, [email], isBanned)
  return changed === 0
    ? `nothing to ${word}: no account of ${email} is ${isBanned ? 'open' : 'banned'}`
    : `${changed} of ${email}: ${isBanned ? 'banned' : 'admitted'}`
}

const madeUp = (): string => randomBytes(12).toString('base64url')
const isRole = (word: string | undefined): word is Role => ROLES.some((role) => role === word)
const say = (line: string): void => void process.stdout.write(`${line}\n`)

async function run(args: readonly string[]): Promise<void> {
  const { positionals, values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  const name = positionals[0] === 'migrate' ? 'migrate' : positionals.slice(0, 2).join(' ')
  if (values.help) {
    say(USAGE)
    return
  }
  if (name === 'doctor') {
    // By force, since a connection that hangs would keep the process.
    process.exit(await doctor(say, { isJson: values.json ?? false }))
  }
  const command = COMMANDS[name]
  if (name !== 'migrate' && !command)
    throw new UsageError(name === '' ? 'Which command?' : `Unknown command: ${name}`)

  const config = loadConfig()
  const onExit = (reason: string): never => failWith(new Error(reason))
  const database = await findConfiguredDatabase(config, { log: say, onExit })
  try {
    const applied = await migrate(database.migrationUrl)
    if (!command) {
      say(applied.length > 0 ? `applied ${applied.join(', ')}` : 'nothing to apply')
      return
    }
    const db = openDatabase({ url: database.url, poolSize: 2 })
    try {
      // Nodes find by themselves what a command wrote.
      const platform = createPlatform({ ...config, redis: undefined }, db, createLogger('warn'))
      const said = await command(platform, positionals[2], values)
      say(typeof said === 'string' ? said : said.text)
      if (typeof said !== 'string' && said.isBad) process.exitCode = 1
    } finally {
      await db.close()
    }
  } finally {
    await database.stop()
  }
}

run(process.argv.slice(2)).catch((error: unknown) => {
  const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error)
  if (!isUsage && !(error instanceof Refusal)) failWith(error)
  const isUnknown = error instanceof Refusal && error.code === 'not-found'
  const text = isUnknown
    ? 'there is none with this id or e-mail'
    : error instanceof Error
      ? error.message
      : String(error)
  const details =
    error instanceof Refusal && Object.keys(error.details).length > 0
      ? ` ${JSON.stringify(error.details)}`
      : ''
  process.stderr.write(isUsage ? `${text}\n\n${USAGE}\n` : `Refused: ${text}${details}\n`)
  process.exitCode = isUsage ? 2 : 1
})
