export type Node = Readonly<Record<string, unknown>>

/** Rebuilds a JSON value, each object put through `change` before its parts. */
export function mapNodes(value: unknown, change: (node: Node) => object): unknown {
  if (Array.isArray(value)) return value.map((each) => mapNodes(each, change))
  if (typeof value !== 'object' || value === null) return value
  const node = change(value as Node)
  return Object.fromEntries(Object.entries(node).map(([key, each]) => [key, mapNodes(each, change)]))
}
