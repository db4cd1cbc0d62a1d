/** Words of PromQL that are no metrics; a function that is not among them is a typing error here. */
const FUNCTIONS = [
  'count',
  'histogram_quantile',
  'increase',
  'max',
  'min',
  'min_over_time',
  'rate',
  'sum',
  'time',
  'topk',
]
const WORDS = new Set([...FUNCTIONS, 'and', 'by', 'or', 'unless', 'without'])

export type Selector = { readonly name: string; readonly labels: Readonly<Record<string, string>> }

/** The metrics that an expression reads, each with the labels that it asks for by `=`. */
export function selectorsOf(expression: string): Selector[] {
  const grouping = /\b(?:by|without)\s*\([^)]*\)/g
  const text = expression.replace(grouping, ' ')
  const selectors: Selector[] = []
  for (const [, name = '', matchers = ''] of text.matchAll(/([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?/g)) {
    const isInside = /["{][^"{}]*$/.test(text.slice(0, text.indexOf(name)))
    if (WORDS.has(name) || isInside || /^[smhd]$/.test(name)) continue
    const pairs = [...matchers.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value])
    selectors.push({ name, labels: Object.fromEntries(pairs) as Record<string, string> })
  }
  return selectors
}

/** What is wrong with the form of an expression; undefined for one that reads well. */
export function faultOf(expression: string): string | undefined {
  const bare = expression.replace(/"(?:[^"\\]|\\.)*"/g, '""')
  const open: string[] = []
  const closing: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
  for (const char of bare) {
    if ('([{'.includes(char)) open.push(char)
    const opener = closing[char]
    if (opener !== undefined && open.pop() !== opener) return `${char} closes nothing`
  }
  if (open.length > 0) return `${open.join('')} is never closed`
  for (const [, name = ''] of bare.matchAll(/([a-z_]\w*)\s*\(/g))
    if (!WORDS.has(name)) return `${name} is no function`
  for (const [, window = ''] of bare.matchAll(/\[([^\]]*)\]/g))
    if (!/^\d+[smhd]$/.test(window)) return `[${window}] is no time`
  return undefined
}
