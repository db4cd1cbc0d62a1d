import pg from 'pg'

/** A statement as the server sent it; those with the same `session` went over one connection. */
export type Statement = {
  readonly session: number
  readonly text: string
  readonly values: readonly unknown[]
}

type Query = (this: object, query: unknown, values?: readonly unknown[]) => unknown

/** From now on every statement of this process is noted; the answer gives what was noted since it was last called. */
export function noteStatements(): () => Statement[] {
  const sessions = new WeakMap<object, number>()
  let opened = 0
  let noted: Statement[] = []
  const prototype = pg.Client.prototype as unknown as { query: Query }
  const original = prototype.query
  prototype.query = function (query, values) {
    const session = sessions.get(this) ?? ++opened
    sessions.set(this, session)
    const { text, values: own } = typeof query === 'string' ? { text: query } : (query as Partial<Statement>)
    if (text !== undefined) noted.push({ session, text, values: own ?? values ?? [] })
    return original.call(this, query, values)
  }
  return () => {
    const taken = noted
    noted = []
    return taken
  }
}

const BEGIN = /^begin\b/
const END = /^(commit|rollback)\b/

/**
 * Whole transactions one after the other, also those that ran side by side, without those that are sent anyway while
 * nobody asks for anything (`idle`): the sweeps.
 */
export function inTransactions(
  statements: readonly Statement[],
  idle: ReadonlySet<string>,
): readonly Statement[] {
  const groups: Statement[][] = []
  const open = new Map<number, Statement[]>()
  for (const statement of statements) {
    const group = open.get(statement.session) ?? []
    if (group.length === 0) groups.push(group)
    group.push(statement)
    if (BEGIN.test(statement.text)) open.set(statement.session, group)
    if (END.test(statement.text)) open.delete(statement.session)
  }
  const isSweep = ({ text }: Statement): boolean => idle.has(text) || BEGIN.test(text) || END.test(text)
  return groups.filter((group) => !group.every(isSweep)).flat()
}

export const isBegin = ({ text }: Statement): boolean => BEGIN.test(text)
