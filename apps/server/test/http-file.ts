import { randomUUID } from 'node:crypto'

export type HttpCall = {
  readonly title: string
  readonly name: string | undefined
  /** Undefined: any 2xx. */
  readonly expected: number | undefined
  readonly text: string
}

export type HttpFile = {
  readonly variables: ReadonlyMap<string, string>
  readonly calls: readonly HttpCall[]
}

/** Reads the form of `docs/toota.http`: variables, then calls between `###` lines. */
export function parseHttpFile(source: string): HttpFile {
  const [head = '', ...blocks] = source.split(/^### */m)
  const variables = new Map(
    [...head.matchAll(/^@(\w+) *= *(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  )
  const calls = blocks.map((block): HttpCall => {
    const [title = '', ...lines] = block.split('\n')
    const comments = lines.filter((line) => line.startsWith('#')).join('\n')
    const expected = /^# expect (\d+)$/m.exec(comments)?.[1]
    return {
      title: title.trim(),
      name: /^# @name (\w+)$/m.exec(comments)?.[1],
      expected: expected === undefined ? undefined : Number(expected),
      text: lines
        .filter((line) => !line.startsWith('#'))
        .join('\n')
        .trim(),
    }
  })
  return { variables, calls }
}

export type HttpOutcome = HttpCall & { readonly status: number; readonly answer: string }

/** Makes the calls in their order, each with what the ones before it answered. */
export async function runHttpFile({ variables, calls }: HttpFile, server: string): Promise<HttpOutcome[]> {
  const answers = new Map<string, unknown>()
  const outcomes: HttpOutcome[] = []
  for (const call of calls) {
    const text = resolve(call.text, new Map([...variables, ['server', server]]), answers)
    const [head = '', ...body] = text.split(/\n\n/)
    const [first = '', ...lines] = head.split('\n')
    const [method = '', url = ''] = first.split(' ')
    const headers = lines.map((line): [string, string] => {
      const [name = '', ...value] = line.split(':')
      return [name, value.join(':').trim()]
    })
    const response = await fetch(url, {
      method,
      headers,
      ...(body.length > 0 && { body: body.join('\n\n') }),
    })
    const answer = await response.text()
    if (call.name !== undefined) answers.set(call.name, JSON.parse(answer))
    outcomes.push({ ...call, status: response.status, answer })
  }
  return outcomes
}

function resolve(
  text: string,
  variables: ReadonlyMap<string, string>,
  answers: ReadonlyMap<string, unknown>,
): string {
  return text.replace(/\{\{([^}]+)\}\}/g, (_whole, expression: string) => {
    if (expression === '$guid') return randomUUID()
    const variable = variables.get(expression)
    if (variable !== undefined) return variable
    const [, name = '', path = ''] = /^(\w+)\.response\.body\.(.+)$/.exec(expression) ?? []
    const value = (path.match(/[^.[\]]+/g) ?? []).reduce<unknown>(
      (at, key) => (at as Record<string, unknown> | undefined)?.[key],
      answers.get(name),
    )
    if (typeof value === 'number') return String(value)
    if (typeof value !== 'string') throw new Error(`nothing answers {{${expression}}}`)
    return value
  })
}
