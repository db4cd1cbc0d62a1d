import { readJson } from '../problem.ts'
import type { Storage } from '../session.ts'

/** A command as the storage knows it. */
export type KeptCommand = {
  readonly id: string
  readonly accountId: string
  readonly op: string
  readonly args: object
  /** When the person said it. */
  readonly at: string
}

const KEY = 'toota.outbox'

/** The commands that outlive the program. Others of this storage may add theirs, so each change reads before it writes. */
export class KeptCommands {
  readonly #storage: Storage
  #turn: Promise<unknown> = Promise.resolve()

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /** Oldest first. */
  async of(accountId: string): Promise<KeptCommand[]> {
    await this.#turn.catch(() => undefined)
    return (await this.#read()).filter((command) => command.accountId === accountId)
  }

  add(command: KeptCommand): Promise<void> {
    return this.#change((commands) => [...commands.filter(({ id }) => id !== command.id), command])
  }

  remove(ids: ReadonlySet<string>): Promise<void> {
    return this.#change((commands) => commands.filter(({ id }) => !ids.has(id)))
  }

  #change(change: (commands: KeptCommand[]) => KeptCommand[]): Promise<void> {
    const changing = this.#turn
      .catch(() => undefined)
      .then(async () => {
        const commands = change(await this.#read())
        if (commands.length === 0) await this.#storage.removeItem(KEY)
        else await this.#storage.setItem(KEY, JSON.stringify(commands))
      })
    this.#turn = changing
    return changing
  }

  async #read(): Promise<KeptCommand[]> {
    const value = readJson((await this.#storage.getItem(KEY)) ?? '')
    return Array.isArray(value) ? value.filter(isKept) : []
  }
}

const isKept = (value: unknown): value is KeptCommand =>
  typeof value === 'object' && value !== null && 'id' in value && 'op' in value && 'at' in value
