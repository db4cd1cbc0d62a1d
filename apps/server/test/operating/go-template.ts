import { stringify } from 'yaml'

/**
 * As much of Helm's templates as the chart uses: if, else, range, define, include, quote, toYaml, nindent, default, not. What it does not
 * know it refuses, so the chart is kept to that; `helm template` says the same where there is a helm.
 */
export function createRenderer(sources: readonly string[]): (source: string, root: object) => string {
  const defined = new Map<string, Node[]>()
  for (const source of sources) parse(tokensOf(source), defined)
  return (source, root) => run(parse(tokensOf(source), defined), { dot: root, root, vars: {}, defined })
}

type Token = { readonly text: string } | { readonly action: string }
type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly pipeline: string }
  | { readonly kind: 'if'; readonly pipeline: string; readonly then: Node[]; readonly otherwise: Node[] }
  | {
      readonly kind: 'range'
      readonly key: string
      readonly value: string
      readonly pipeline: string
      readonly body: Node[]
    }
type Scope = {
  readonly dot: unknown
  readonly root: object
  readonly vars: Readonly<Record<string, unknown>>
  readonly defined: ReadonlyMap<string, Node[]>
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let trimsNext = false
  for (const match of source.matchAll(/\{\{(-?)\s*([\s\S]*?)\s*(-?)\}\}/g)) {
    let text = source.slice(at, match.index)
    if (trimsNext) text = text.trimStart()
    if (match[1] === '-') text = text.trimEnd()
    tokens.push({ text }, { action: match[2] ?? '' })
    trimsNext = match[3] === '-'
    at = match.index + match[0].length
  }
  const rest = source.slice(at)
  tokens.push({ text: trimsNext ? rest.trimStart() : rest })
  return tokens
}

function parse(tokens: Token[], defined: Map<string, Node[]>): Node[] {
  const { nodes, end } = block(tokens, defined)
  if (end !== undefined) throw new Error(`{{ ${end} }} ends nothing`)
  return nodes
}

function block(tokens: Token[], defined: Map<string, Node[]>): { nodes: Node[]; end: string | undefined } {
  const nodes: Node[] = []
  for (let token = tokens.shift(); token; token = tokens.shift()) {
    if ('text' in token) nodes.push({ kind: 'text', text: token.text })
    else if (token.action === 'end' || token.action === 'else') return { nodes, end: token.action }
    else if (!token.action.startsWith('/*')) {
      const node = statement(token.action, tokens, defined)
      if (node) nodes.push(node)
    }
  }
  return { nodes, end: undefined }
}

function statement(action: string, tokens: Token[], defined: Map<string, Node[]>): Node | undefined {
  const closed = (): { nodes: Node[]; end: string } => {
    const { nodes, end } = block(tokens, defined)
    if (end === undefined) throw new Error(`{{ ${action} }} is never ended`)
    return { nodes, end }
  }
  const [, word, rest = ''] = /^(if|range|define)\s+([\s\S]*)$/.exec(action) ?? []
  if (word === 'define') {
    defined.set(JSON.parse(rest) as string, closed().nodes)
    return undefined
  }
  if (word === 'if') {
    const then = closed()
    return {
      kind: 'if',
      pipeline: rest,
      then: then.nodes,
      otherwise: then.end === 'else' ? closed().nodes : [],
    }
  }
  if (word === 'range') {
    const [, key = '', value = '', pipeline = ''] = /^\$(\w+),\s*\$(\w+)\s*:=\s*(.*)$/.exec(rest) ?? []
    return { kind: 'range', key, value, pipeline, body: closed().nodes }
  }
  return { kind: 'print', pipeline: action }
}

function run(nodes: readonly Node[], scope: Scope): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text
      if (node.kind === 'print') return shown(evaluate(node.pipeline, scope))
      if (node.kind === 'if')
        return run(isTrue(evaluate(node.pipeline, scope)) ? node.then : node.otherwise, scope)
      return Object.entries(evaluate(node.pipeline, scope) as Record<string, unknown>)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) =>
          run(node.body, { ...scope, vars: { ...scope.vars, [node.key]: key, [node.value]: value } }),
        )
        .join('')
    })
    .join('')
}

/** As Go has it: nothing, an empty text, list or map, 0 and false are false. */
const isTrue = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value)

function shown(value: unknown): string {
  if (value === undefined || value === null) throw new Error('a value that is not there is written out')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function evaluate(pipeline: string, scope: Scope): unknown {
  let piped: unknown[] = []
  for (const stage of split(pipeline, '|')) piped = [call(split(stage, ' '), piped, scope)]
  return piped[0]
}

/** Splits at what stands outside of quotes and parentheses. */
function split(text: string, separator: '|' | ' '): string[] {
  const parts = ['']
  let depth = 0
  let isQuoted = false
  for (const char of text.trim()) {
    if (char === '"') isQuoted = !isQuoted
    if (!isQuoted && char === '(') depth++
    if (!isQuoted && char === ')') depth--
    if (!isQuoted && depth === 0 && char === separator) parts.push('')
    else parts[parts.length - 1] = `${parts.at(-1) ?? ''}${char}`
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function call([first = '', ...rest]: string[], piped: readonly unknown[], scope: Scope): unknown {
  const args = [...rest.map((term) => valueOf(term, scope)), ...piped]
  const [one, two] = args
  switch (first) {
    case 'include': {
      const nodes = scope.defined.get(String(one))
      if (!nodes) throw new Error(`nothing is defined as ${String(one)}`)
      return run(nodes, { ...scope, dot: two, vars: {} })
    }
    case 'quote':
      return JSON.stringify(shown(one))
    case 'toYaml':
      return stringify(one).trimEnd()
    case 'nindent':
      return `\n${' '.repeat(Number(one))}${String(two).replaceAll('\n', `\n${' '.repeat(Number(one))}`)}`
    case 'default':
      return isTrue(two) ? two : one
    case 'not':
      return !isTrue(one)
    default:
      if (args.length > 0) throw new Error(`${first} is no function that the chart may use`)
      return valueOf(first, scope)
  }
}

function valueOf(term: string, scope: Scope): unknown {
  if (term.startsWith('(')) return evaluate(term.slice(1, -1), scope)
  if (term.startsWith('"')) return JSON.parse(term)
  if (/^\d+$/.test(term)) return Number(term)
  if (term.startsWith('$')) return scope.vars[term.slice(1)]
  if (term === '.') return scope.dot
  if (!term.startsWith('.')) throw new Error(`${term} is nothing that the chart may use`)
  let value: unknown = scope.dot
  for (const name of term.slice(1).split('.')) {
    if (typeof value !== 'object' || value === null || !(name in value))
      throw new Error(`${term}: there is no ${name}`)
    value = (value as Record<string, unknown>)[name]
  }
  return value
}
