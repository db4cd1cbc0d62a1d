import pg from 'pg'

type Options = {
  isPooled: boolean
  /** Answers what is to be called when the statement is over, if anybody wants to know. */
  count: () => (() => void) | undefined
  rewrite: ((text: string) => string) | undefined
}

// A single statement has no transaction that limits it. A pooler gives sessions away, so there it must do without.
const LIMITS = "set statement_timeout = '9s'; set lock_timeout = '2s'"

// Statements built from lists of varying length would fill PostgreSQL's memory with plans.
const MAX_NAMES = 500

/**
 * A pg.Client that names each parameterized statement, so that PostgreSQL plans it once per connection: three times
 * the joins a second in our measurements. Kysely sends `query(text, values)`; this is the one place to add the name.
 */
export function namingClient({ isPooled, count, rewrite }: Options): typeof pg.Client {
  const names = new Map<string, string>()
  const nameOf = (text: string): string | undefined => {
    if (isPooled) return undefined
    const known = names.get(text)
    if (known ?? names.size >= MAX_NAMES) return known
    const name = `toota_${names.size}`
    names.set(text, name)
    return name
  }

  class NamingClient extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super(config)
      // The pool hears only idle connections. One that breaks in use fails the statement that comes next; unheard, it would end us.
      this.on('error', () => undefined)
      if (!isPooled) this.once('connect', () => void super.query(LIMITS).catch(() => undefined))
    }

    /** One that did not answer in time is still busy: the pool must not give it to anybody else. */
    readonly #endIfLate = (error: unknown): void => {
      if (error instanceof Error && error.message === 'Query read timeout')
        void this.end().catch(() => undefined)
    }

    // @ts-expect-error the one overload of pg.Client.query that Kysely calls
    override query(text: string, values?: unknown[]): Promise<pg.QueryResult> {
      const end = count()
      const answer = this.#send(rewrite ? rewrite(text) : text, values)
      answer.catch(this.#endIfLate)
      if (end) answer.then(end, end)
      return answer
    }

    #send(text: string, values?: unknown[]): Promise<pg.QueryResult> {
      if (!values?.length) return super.query(text)
      const name = nameOf(text)
      return super.query(name ? { name, text, values } : { text, values })
    }
  }
  return NamingClient as unknown as typeof pg.Client
}
